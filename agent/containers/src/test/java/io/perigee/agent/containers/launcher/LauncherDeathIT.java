package io.perigee.agent.containers.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.agent.containers.ContainerEnd.ExitRecord;
import io.perigee.agent.containers.ContainerEnd.LaunchFailure;
import io.perigee.agent.containers.ContainerId;
import io.perigee.agent.containers.ExitStatus;
import io.perigee.agent.containers.ExitStatus.Exited;
import io.perigee.agent.containers.ExitStatus.Signaled;
import io.perigee.agent.containers.TaskSignal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Processes of the launcher are killed one after the other: nothing is lost or told twice. */
@Timeout(120)
class LauncherDeathIT {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void containersOutliveTheResident(boolean namespaces) throws IOException {
    try (LauncherLab lab = new LauncherLab(folder, namespaces)) {
      ContainerId lasting = lab.launch(lab.shell("sleep 1000; exit 1"));
      ContainerId ending = lab.launch(lab.shell("while [ ! -e go ]; do sleep 0.01; done; exit 7"));
      ContainerId dying = lab.launch(lab.shell("sleep 1000").dieWithAgent(true));
      long pid = lab.listener.awaitStart(lasting);
      lab.listener.awaitStart(ending);
      lab.listener.awaitStart(dying);

      killResident(lab);
      assertThat(status(lab, dying)).isEqualTo(new Signaled(9, false));
      Files.createFile(folder.resolve(ending.value()).resolve("go"));
      assertThat(status(lab, ending)).isEqualTo(new Exited(7));
      assertThat(ProcessHandle.of(pid)).isPresent();
      assertThat(lab.runtime.containers()).containsExactly(lasting);
      assertThat(lab.runToStatus(lab.shell("exit 8"))).isEqualTo(new Exited(8));
      assertThat(lab.runtime.statistics(lasting)).isPresent();

      lab.runtime.signal(lasting, TaskSignal.TERM);
      // The shell itself gets it as well as its child.
      assertThat(status(lab, lasting)).isEqualTo(new Signaled(15, false));
      assertThat(lab.runtime.counters().restarts()).isEqualTo(1);
      assertThat(lab.runtime.counters().garbageLines()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void everyCodeComesBackOnceWhileResidentsAreKilled(boolean namespaces)
      throws IOException, InterruptedException {
    try (LauncherLab lab = new LauncherLab(folder, namespaces)) {
      List<ContainerId> ids = new ArrayList<>();
      for (int i = 0; i < 240; i++) {
        ids.add(lab.launch(lab.shell("sleep 0." + i % 7 + "; exit " + i)));
        if (i % 40 == 39) {
          killResident(lab);
        }
      }
      for (int i = 0; i < ids.size(); i++) {
        assertThat(status(lab, ids.get(i))).isEqualTo(new Exited(i));
      }
      assertThat(lab.runtime.counters().restarts()).isEqualTo(6);
      assertThat(lab.runtime.counters().garbageLines()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aContainerWithoutSupervisorIsClearedAwayAndLost(boolean namespaces) throws IOException {
    try (LauncherLab lab = new LauncherLab(folder, namespaces)) {
      ContainerId id = lab.launch(lab.shell("(setsid sleep 1000 &); echo up; sleep 1000"));
      awaitOutput(lab, id);
      kill(PidFile.read(folder.resolve(id.value())).supervisor());
      assertThat(status(lab, id))
          .isEqualTo(new ExitStatus.Lost("the supervisor ended without an exit record"));
      assertThat(lab.leftovers.processes()).noneMatch(line -> line.contains("sleep"));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aContainerWithoutInitIsKilled(boolean namespaces) throws IOException {
    try (LauncherLab lab = new LauncherLab(folder, namespaces)) {
      ContainerId id = lab.launch(lab.shell("(setsid sleep 1000 &); echo up; sleep 1000"));
      awaitOutput(lab, id);
      kill(PidFile.read(folder.resolve(id.value())).init());
      assertThat(status(lab, id)).isEqualTo(new Signaled(9, false));
      assertThat(lab.leftovers.processes()).noneMatch(line -> line.contains("sleep"));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anAttacherThatIsKilledIsReplaced(boolean namespaces) throws IOException {
    try (LauncherLab lab = new LauncherLab(folder, namespaces)) {
      ContainerId id = lab.launch(lab.spec("sleep", "1000"));
      lab.listener.awaitStart(id);
      killResident(lab);
      for (int i = 0; i < 3; i++) {
        List<ProcessHandle> attachers = awaitChildren(lab);
        assertThat(attachers).hasSize(1);
        kill(attachers.getFirst().pid());
        Awaitility.await().until(() -> !attachers.getFirst().isAlive());
      }
      awaitChildren(lab);
      lab.runtime.signal(id, TaskSignal.USR1);
      assertThat(status(lab, id)).isEqualTo(new Signaled(10, false));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aLauncherThatCannotBeStartedAgainFailsNewContainersAlone(boolean namespaces)
      throws IOException {
    try (LauncherLab lab = new LauncherLab(folder, namespaces)) {
      ContainerId running = lab.launch(lab.shell("while [ ! -e go ]; do sleep 0.01; done; exit 6"));
      lab.listener.awaitStart(running);
      Path aside = lab.binary.resolveSibling("aside");
      Files.move(lab.binary, aside);
      kill(lab.runtime.launcherPid());
      Awaitility.await().until(() -> lab.runtime.launcherPid() == -1);
      assertThat(lab.run(lab.spec("true")))
          .isInstanceOfSatisfying(
              LaunchFailure.class, failure -> assertThat(failure.stage()).isEqualTo("launcher"));
      Files.createFile(folder.resolve(running.value()).resolve("go"));
      Files.move(aside, lab.binary);
      assertThat(status(lab, running)).isEqualTo(new Exited(6));
      assertThat(lab.runToStatus(lab.spec("true"))).isEqualTo(new Exited(0));
    }
  }

  private static ExitStatus status(LauncherLab lab, ContainerId id) {
    return ((ExitRecord) lab.listener.awaitEnd(id)).status();
  }

  private static void killResident(LauncherLab lab) {
    long pid = lab.runtime.launcherPid();
    kill(pid);
    Awaitility.await()
        .pollInterval(Duration.ofMillis(2))
        .until(() -> lab.runtime.launcherPid() != pid && lab.runtime.launcherPid() > 0);
  }

  private static void kill(long pid) {
    assertThat(ProcessHandle.of(pid).map(ProcessHandle::destroyForcibly)).contains(true);
  }

  private static List<ProcessHandle> awaitChildren(LauncherLab lab) {
    ProcessHandle resident = ProcessHandle.of(lab.runtime.launcherPid()).orElseThrow();
    Awaitility.await().until(() -> resident.children().anyMatch(ProcessHandle::isAlive));
    return resident.children().filter(ProcessHandle::isAlive).toList();
  }

  private static void awaitOutput(LauncherLab lab, ContainerId id) {
    lab.listener.awaitStart(id);
    Awaitility.await().until(() -> lab.stdout(id).contains("up"));
  }
}
