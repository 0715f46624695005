package io.perigee.agent.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.agent.containers.RuntimeOptions;
import io.perigee.agent.containers.cgroup.CgroupPolicy;
import io.perigee.agent.core.AgentCommand;
import io.perigee.agent.core.AgentEvent;
import io.perigee.agent.core.ContainerExit;
import io.perigee.agent.fetcher.Fetcher;
import io.perigee.agent.fetcher.FetcherOptions;
import io.perigee.mesos.v1.CommandInfo;
import io.perigee.net.Counters;
import io.perigee.net.EventLoops;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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
  private final EventLoops loops = new EventLoops("test-containers", 1);
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
            new Fetcher(
                new FetcherOptions(
                    null, Duration.ofSeconds(20), workDir.resolve("meta/fetched"), 1 << 20),
                loops,
                new Counters()),
            events::add);
  }

  @AfterEach
  void stop() {
    containers.close();
    loops.close();
    assertThat(
            ProcessHandle.current()
                .descendants()
                .filter(p -> p.info().command().orElse("").contains("launcher")))
        .isEmpty();
  }

  private AgentCommand.LaunchContainer launch(String id, @Nullable String user, String... argv) {
    return launch(id, user, List.of(), argv);
  }

  private AgentCommand.LaunchContainer launch(
      String id, @Nullable String user, List<CommandInfo.URI> uris, String... argv) {
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
            uris);
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

  private static CommandInfo.URI uri(Object value) {
    return CommandInfo.URI.newBuilder().setValue(value.toString()).setExecutable(true).build();
  }

  @Test
  void whatIsFetchedIsThereWhenTheTaskStartsAndBelongsToItsUser() throws Exception {
    Path tool =
        Files.writeString(workDir.resolve("tool"), "#!/bin/sh\nstat -c %U . tool; id -un\n");
    Files.setPosixFilePermissions(workDir, PosixFilePermissions.fromString("rwxr-xr-x"));
    String user = isRoot ? "nobody" : System.getProperty("user.name");
    var launch = launch("c1", user, List.of(uri(tool)), "./tool");

    assertThat(next()).isInstanceOf(AgentEvent.ContainerStarted.class);
    assertThat(next()).isEqualTo(new AgentEvent.ContainerExited("c1", new ContainerExit.Exited(0)));
    assertThat(Path.of(launch.sandbox(), "stdout")).hasContent(String.join("\n", user, user, user));
    assertThat(Path.of(launch.sandbox(), "stderr")).content().contains("Fetched '" + tool + "'");
  }

  @Test
  void whatCannotBeFetchedFailsTheLaunchInMesosWords() throws Exception {
    launch("c1", null, List.of(uri("/no/such/file")), "true");
    assertThat(next())
        .isEqualTo(
            new AgentEvent.ContainerFailed(
                "c1",
                "Failed to fetch all URIs for container 'c1': "
                    + "Failed to fetch '/no/such/file': /no/such/file: no such file"));
  }

  /** Others start meanwhile, and the kill is told long before the server's silence counts. */
  @Test
  void aKillStopsAFetchThatHangs() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 100, InetAddress.getLoopbackAddress())) {
      String address = "http://127.0.0.1:" + silent.getLocalPort() + "/file";
      for (int i = 0; i < 70; i++) { // More than are fetched for at a time.
        launch("hangs" + i, null, List.of(uri(address)), "true");
      }
      launch("runs", null, "true");
      assertThat(next()).isInstanceOf(AgentEvent.ContainerStarted.class);
      assertThat(next())
          .isEqualTo(new AgentEvent.ContainerExited("runs", new ContainerExit.Exited(0)));
      for (int i = 69; i >= 0; i--) {
        containers.kill("hangs" + i);
        assertThat(events.poll(5, TimeUnit.SECONDS))
            .isInstanceOfSatisfying(
                AgentEvent.ContainerFailed.class,
                failed -> assertThat(failed.message()).containsAnyOf("cancelled", "killed"));
      }
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
