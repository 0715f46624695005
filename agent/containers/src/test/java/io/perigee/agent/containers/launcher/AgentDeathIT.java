package io.perigee.agent.containers.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.agent.containers.ContainerEnd;
import io.perigee.agent.containers.ContainerEnd.ExitRecord;
import io.perigee.agent.containers.ContainerEnd.LaunchFailure;
import io.perigee.agent.containers.ContainerId;
import io.perigee.agent.containers.ExitStatus;
import io.perigee.agent.containers.ExitStatus.Exited;
import io.perigee.agent.containers.ExitStatus.Signaled;
import io.perigee.agent.containers.TaskSignal;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A helper JVM with a runtime is killed with -9; a second runtime takes up its containers. */
@Timeout(120)
class AgentDeathIT {
  @TempDir private Path folder;

  @Test
  void theNextAgentFindsEveryContainerAsItIs() throws IOException, InterruptedException {
    try (LauncherLab lab = new LauncherLab(folder)) {
      List<ContainerId> ids = new ArrayList<>();
      List<String> containers = new ArrayList<>();
      String[][] scripts = {
        {"lives", "sleep 1000"},
        {"dies", "(setsid sleep 1000 &); sleep 1000"},
        {"lives", "while [ ! -e go ]; do sleep 0.01; done; exit 42"},
        {"lives", "while [ ! -e go ]; do sleep 0.01; done; kill -6 $$"},
      };
      for (String[] script : scripts) {
        ContainerId id = new ContainerId("d" + ids.size());
        ids.add(id);
        containers.add(Files.createDirectory(folder.resolve(id.value())).toString());
        containers.addAll(List.of(script));
      }
      List<Long> pids = killAgentWith(lab, containers);

      Awaitility.await().until(() -> ProcessHandle.of(pids.get(1)).isEmpty());
      assertThat(ProcessHandle.of(pids.getFirst())).isPresent();
      // One ends while there is no agent at all, one when there is one again.
      Files.createFile(folder.resolve("d2/go"));
      Awaitility.await().until(() -> Files.exists(folder.resolve("d2/exit")));
      lab.runtime.close();
      lab.startAgain();
      ids.forEach(id -> lab.runtime.reattach(id, folder.resolve(id.value())));

      assertThat(lab.listener.awaitStart(ids.get(0))).isEqualTo(pids.get(0));
      assertThat(lab.listener.awaitStart(ids.get(3))).isEqualTo(pids.get(3));
      assertThat(status(lab, ids.get(1))).isEqualTo(new Signaled(9, false));
      assertThat(status(lab, ids.get(2))).isEqualTo(new Exited(42));
      assertThat(lab.runtime.statistics(ids.get(0))).isPresent();
      Files.createFile(folder.resolve("d3/go"));
      assertThat(status(lab, ids.get(3)))
          .isInstanceOfSatisfying(
              Signaled.class, signaled -> assertThat(signaled.signal()).isEqualTo(6));
      lab.runtime.signal(ids.get(0), TaskSignal.TERM);
      assertThat(status(lab, ids.get(0))).isEqualTo(new Signaled(15, false));
    }
  }

  private static ExitStatus status(LauncherLab lab, ContainerId id) {
    return ((ExitRecord) lab.listener.awaitEnd(id)).status();
  }

  private List<Long> killAgentWith(LauncherLab lab, List<String> containers)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                DoomedAgent.class.getName(),
                folder.resolve("bin").toString(),
                lab.policy.root(),
                lab.leftovers.mark()));
    command.addAll(containers);
    Process agent =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (BufferedReader output = agent.inputReader(StandardCharsets.UTF_8)) {
      String pids = output.readLine();
      assertThat(pids).as("pids of the tasks").isNotNull();
      return List.of(pids.split(" ")).stream().map(Long::valueOf).toList();
    } finally {
      agent.destroyForcibly();
      agent.waitFor();
    }
  }

  @Test
  void aStalePidFileHarmsNobody() throws IOException, InterruptedException {
    try (LauncherLab lab = new LauncherLab(folder)) {
      Process bystander = new ProcessBuilder("sleep", "1000").start();
      try {
        // As after a reboot, or when the numbers have come round: the pid is another process' now.
        ContainerId id = new ContainerId("stale");
        Path container = Files.createDirectory(folder.resolve("stale"));
        long pid = bystander.pid();
        Files.writeString(
            container.resolve("pid"),
            "supervisor " + pid + " 12345\ntask " + pid + " 12346 init " + pid + "\n");
        lab.runtime.reattach(id, container);
        lab.runtime.kill(id);
        lab.runtime.signal(id, TaskSignal.TERM);
        assertThat(status(lab, id)).isInstanceOf(ExitStatus.Lost.class);
        assertThat(bystander.isAlive()).isTrue();
        assertThat(Files.readString(container.resolve("exit"))).contains("outcome=lost");
      } finally {
        bystander.destroyForcibly();
        bystander.waitFor();
      }
    }
  }

  @Test
  void aContainerThatNeverStartedIsALaunchFailure() throws IOException {
    try (LauncherLab lab = new LauncherLab(folder)) {
      Path empty = Files.createDirectory(folder.resolve("empty"));
      lab.runtime.reattach(new ContainerId("empty"), empty);
      ContainerEnd end = lab.listener.awaitEnd(new ContainerId("empty"));
      assertThat(end).isEqualTo(new LaunchFailure("lost", "it was never started"));
      lab.runtime.reattach(new ContainerId("nowhere"), folder.resolve("nowhere"));
      assertThat(lab.listener.awaitEnd(new ContainerId("nowhere")))
          .isEqualTo(ExitRecord.lost("No such file or directory"));
    }
  }

  @Test
  void aRecordIsToldAgainAsOftenAsItIsAskedFor() throws IOException {
    try (LauncherLab lab = new LauncherLab(folder)) {
      ContainerId id = lab.launch(lab.shell("exit 5"));
      ContainerEnd end = lab.listener.awaitEnd(id);
      ContainerId failed = lab.launch(lab.spec("/no/such"));
      ContainerEnd failure = lab.listener.awaitEnd(failed);
      for (int i = 0; i < 2; i++) {
        lab.runtime.close();
        lab.startAgain();
        lab.runtime.reattach(id, folder.resolve(id.value()));
        lab.runtime.reattach(failed, folder.resolve(failed.value()));
        assertThat(lab.listener.awaitEnd(id)).isEqualTo(end);
        assertThat(lab.listener.awaitEnd(failed)).isEqualTo(failure);
      }
    }
  }
}
