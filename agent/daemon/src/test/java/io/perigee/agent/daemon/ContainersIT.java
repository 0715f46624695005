package io.perigee.agent.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.agent.containers.RuntimeOptions;
import io.perigee.agent.containers.cgroup.CgroupPolicy;
import io.perigee.agent.core.AgentCommand;
import io.perigee.agent.core.AgentEvent;
import io.perigee.agent.core.ContainerExit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real containers in the runtime of this machine. */
@Timeout(120)
class ContainersIT {
  @TempDir Path workDir;
  private final LinkedBlockingQueue<AgentEvent> events = new LinkedBlockingQueue<>();
  private final boolean isRoot = "root".equals(System.getProperty("user.name"));
  private Containers containers;

  @BeforeEach
  void start() throws Exception {
    Files.createDirectories(workDir.resolve("meta/containers/old/deep"));
    containers =
        new Containers(
            workDir.resolve("meta"),
            isRoot,
            new RuntimeOptions(
                workDir.resolve("meta"), new CgroupPolicy("perigee-test-containers", false), 100),
            new SandboxGc(workDir, Duration.ZERO),
            events::add);
  }

  @AfterEach
  void stop() {
    containers.close();
    assertThat(
            ProcessHandle.current()
                .descendants()
                .filter(p -> p.info().command().orElse("").contains("launcher")))
        .isEmpty();
  }

  private AgentCommand.LaunchContainer launch(String id, @Nullable String user, String... argv) {
    Path runs = workDir.resolve("slaves/S/frameworks/F/executors/" + id + "/runs");
    AgentCommand.LaunchContainer launch =
        new AgentCommand.LaunchContainer(
            id,
            runs.resolve(id).toString(),
            runs.resolve("latest").toString(),
            null,
            List.of(argv),
            Map.of("PATH", "/usr/bin:/bin"),
            user,
            100,
            64 << 20,
            List.of());
    containers.launch(launch);
    return launch;
  }

  private AgentEvent next() throws InterruptedException {
    AgentEvent event = events.poll(30, TimeUnit.SECONDS);
    assertThat(event).as("an event within 30 s").isNotNull();
    return event;
  }

  @Test
  void aContainerRunsInItsSandboxAndItsFolderGoesWithIt() throws Exception {
    var launch = launch("c1", System.getProperty("user.name"), "sh", "-c", "pwd; exit 3");

    assertThat(next()).isInstanceOf(AgentEvent.ContainerStarted.class);
    assertThat(next()).isEqualTo(new AgentEvent.ContainerExited("c1", new ContainerExit.Exited(3)));
    assertThat(Path.of(launch.sandbox(), "stdout")).hasContent(launch.sandbox());
    Awaitility.await()
        .untilAsserted(() -> assertThat(workDir.resolve("meta/containers")).isEmptyDirectory());
  }

  @Test
  void aKillIsNotLostHoweverEarlyItComes() throws Exception {
    for (int i = 0; i < 8; i++) {
      launch("k" + i, null, "sleep", "600");
      if (i % 2 == 0) {
        containers.kill("k" + i);
      } else {
        containers.terminate("k" + i);
      }
    }
    int ends = 0;
    while (ends < 8) {
      switch (next()) {
        case AgentEvent.ContainerFailed failed -> ends++;
        case AgentEvent.ContainerExited exited -> {
          assertThat(exited.exit()).isInstanceOf(ContainerExit.Signaled.class);
          ends++;
        }
        case AgentEvent.ContainerStarted started -> {}
        default -> throw new AssertionError("no other events");
      }
    }
    assertThat(events).isEmpty();
  }

  @Test
  void whatCannotBeLaunchedSaysWhy() throws Exception {
    launch("f1", null, "/no/such/program");
    assertThat(next())
        .isInstanceOfSatisfying(
            AgentEvent.ContainerFailed.class,
            failed -> assertThat(failed.message()).contains("/no/such/program"));
    // Even root cannot make a directory where a file is: as on a disk that is full or read-only.
    Path executor = workDir.resolve("slaves/S/frameworks/F/executors/f2");
    Files.writeString(Files.createDirectories(executor).resolve("runs"), "");
    launch("f2", null, "true");
    assertThat(next())
        .isInstanceOfSatisfying(
            AgentEvent.ContainerFailed.class,
            failed ->
                assertThat(failed.message()).contains("f2/runs", "FileAlreadyExistsException"));
    if (isRoot) {
      launch("f3", "no-such-user", "true");
      assertThat(next())
          .isEqualTo(
              new AgentEvent.ContainerFailed(
                  "f3", "Failed to get user information for 'no-such-user': no such user"));
    }
  }

  @Test
  void signalsForNobodyAreNoHarm() {
    containers.kill("never");
    containers.terminate("never");
    assertThat(events).isEmpty();
  }

  /** One that is launched while the agent ends comes back as failed, or is killed in silence. */
  @Test
  void closingKillsWhatRunsAndTakesNothingNew() throws Exception {
    launch("c1", null, "sleep", "601");
    assertThat(next()).isInstanceOf(AgentEvent.ContainerStarted.class);
    launch("c2", null, "sleep", "602");
    containers.close();

    Awaitility.await()
        .untilAsserted(() ->
            assertThat(
                    ProcessHandle.allProcesses()
                        .filter(p -> p.info().commandLine().orElse("").matches(".*sleep 60[12]")))
                .isEmpty());
  }
}
