package io.perigee.agent.containers.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perigee.agent.containers.ContainerEnd.ExitRecord;
import io.perigee.agent.containers.ContainerEnd.LaunchFailure;
import io.perigee.agent.containers.ContainerId;
import io.perigee.agent.containers.ContainerSpec;
import io.perigee.agent.containers.ExitStatus.Exited;
import io.perigee.agent.containers.ExitStatus.Signaled;
import io.perigee.agent.containers.ResourceLimits;
import io.perigee.agent.containers.UserIdentity;
import io.perigee.agent.containers.cgroup.CgroupPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What only root can have: other users, limits, namespaces. Needs cgroup controllers of version 1.
 */
@Tag("root")
@Timeout(120)
class LauncherAsRootIT {
  private static final UserIdentity SOMEBODY =
      new UserIdentity(65534, 65534, List.of(65534L, 4L, 24L));

  @TempDir private Path folder;

  @Test
  void theTaskHasTheUserAndAllItsGroups() throws IOException, InterruptedException {
    try (LauncherLab lab = new LauncherLab(folder)) {
      ContainerSpec spec = lab.shell("id -u; id -g; id -G; touch made").build();
      Path sandbox = open(spec.folder());
      byte[] file =
          SpecFile.encode(
              ContainerSpec.builder(spec.id(), spec.folder())
                  .argv(spec.argv())
                  .environment(spec.environment())
                  .workingDirectory(sandbox)
                  .stdout(sandbox.resolve("stdout"))
                  .stderr(sandbox.resolve("stderr"))
                  .build(),
              SOMEBODY,
              lab.host.namespaces(),
              CgroupPlan.NONE);
      Path path = Files.write(spec.folder().resolve("spec"), file);
      int code =
          new ProcessBuilder(lab.binary.toString(), "run", path.toString()).start().waitFor();
      assertThat(code).isZero();
      assertThat(sandbox.resolve("stdout")).hasContent("65534\n65534\n65534 4 24");
      for (String name : List.of("stdout", "stderr", "made")) {
        assertThat(Files.getAttribute(sandbox.resolve(name), "unix:uid")).isEqualTo(65534);
        assertThat(Files.getAttribute(sandbox.resolve(name), "unix:gid")).isEqualTo(65534);
      }
    }
  }

  @Test
  void theUserIsFoundByName() throws IOException {
    try (LauncherLab lab = new LauncherLab(folder)) {
      ContainerSpec.Builder builder = lab.shell("id -un; id -u");
      Path sandbox = open(builder.build().folder());
      builder.user("nobody").workingDirectory(sandbox).stdout(sandbox.resolve("stdout"));
      // Its folder is not the user's: only the sandbox below is.
      builder.stderr(sandbox.resolve("stderr"));
      assertThat(lab.runToStatus(builder)).isEqualTo(new Exited(0));
      assertThat(sandbox.resolve("stdout")).hasContent("nobody\n65534");
    }
  }

  @Test
  void anOutputThatTheUserMayNotWriteFailsTheLaunch() throws IOException {
    try (LauncherLab lab = new LauncherLab(folder)) {
      ContainerSpec.Builder builder = lab.spec("true").user("nobody");
      Path container = builder.build().folder();
      open(container);
      Files.setPosixFilePermissions(container, PosixFilePermissions.fromString("rwxr-xr-x"));
      Path secret = Files.writeString(folder.resolve("secret"), "root's");
      Files.createSymbolicLink(container.resolve("stdout"), secret);
      assertThat(lab.run(builder))
          .isEqualTo(
              new LaunchFailure("stdout", container.resolve("stdout") + ": Permission denied"));
      assertThat(secret).hasContent("root's");
    }
  }

  /** Makes a folder in {@code container} that anybody may write to, and the way to it open. */
  private Path open(Path container) throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path sandbox = Files.createDirectory(container.resolve("sandbox"));
    return Files.setPosixFilePermissions(sandbox, PosixFilePermissions.fromString("rwxrwxrwx"));
  }

  @Test
  void tooMuchMemoryIsToldAsSuch() throws IOException {
    for (boolean namespaces : List.of(true, false)) {
      try (LauncherLab lab =
          new LauncherLab(Files.createDirectory(folder.resolve("" + namespaces)), namespaces)) {
        // tail keeps what it reads until there is a newline.
        ExitRecord record =
            lab.runToExit(
                lab.spec("tail", "-n1", "/dev/zero").limits(new ResourceLimits(0, 64L << 20)));
        assertThat(record.status()).isEqualTo(new Signaled(9, false));
        assertThat(record.oomKilled()).isTrue();
        assertThat(record.usage().maxRssBytes()).isBetween(20L << 20, 66L << 20);
        assertThat(record.leftCgroups()).isZero();
        assertThat(lab.cgroups()).isEmpty();

        ExitRecord child =
            lab.runToExit(
                lab.shell("tail -n1 /dev/zero; exit 5").limits(new ResourceLimits(0, 64L << 20)));
        assertThat(child.status()).isEqualTo(new Exited(5));
        assertThat(child.oomKilled()).isTrue();

        ExitRecord frugal = lab.runToExit(lab.spec("true").limits(new ResourceLimits(0, 1)));
        assertThat(frugal.status()).isEqualTo(new Exited(0));
        assertThat(frugal.oomKilled()).isFalse();
      }
    }
  }

  @Test
  void limitsAreWrittenAndAllCgroupsGoAway() throws IOException {
    try (LauncherLab lab = new LauncherLab(folder)) {
      ContainerId id =
          lab.launch(
              lab.shell("cat /proc/self/cgroup; (setsid sleep 1000 &); sleep 1000")
                  .limits(new ResourceLimits(1500, 100L << 20)));
      lab.listener.awaitStart(id);
      Path cpu = lab.cgroup("cpu", id);
      Path memory = lab.cgroup("memory", id);
      assertThat(cpu.resolve("cpu.shares")).hasContent("1536");
      assertThat(cpu.resolve("cpu.cfs_quota_us")).hasContent("-1");
      assertThat(memory.resolve("memory.limit_in_bytes")).hasContent("" + (100L << 20));
      PidFile pids = PidFile.read(folder.resolve("" + id));
      assertThat(Files.readString(memory.resolve("cgroup.procs")).lines())
          .contains("" + pids.task())
          .doesNotContain("" + pids.init(), "" + pids.supervisor());
      assertThat(lab.cgroups()).hasSizeGreaterThanOrEqualTo(3);
      lab.runtime.kill(id);
      ExitRecord record = (ExitRecord) lab.listener.awaitEnd(id);
      assertThat(record.leftCgroups()).isZero();
      assertThat(lab.cgroups()).isEmpty();
    }
  }

  @Test
  void aContainerThatRunsGetsOtherLimitsAndItsMemoryIsNeverLowered() throws IOException {
    try (LauncherLab lab = new LauncherLab(folder)) {
      ContainerId id =
          lab.launch(lab.spec("sleep", "1000").limits(new ResourceLimits(500, 64L << 20)));
      // Before the start is told, so perhaps before there are cgroups.
      lab.runtime.resize(id, new ResourceLimits(1000, 96L << 20));
      lab.listener.awaitStart(id);
      Path shares = lab.cgroup("cpu", id).resolve("cpu.shares");
      Path bytes = lab.cgroup("memory", id).resolve("memory.limit_in_bytes");
      await().untilAsserted(() -> assertThat(shares).hasContent("1024"));
      await().untilAsserted(() -> assertThat(bytes).hasContent("" + (96L << 20)));

      lab.runtime.resize(id, new ResourceLimits(2000, 32L << 20));
      await().untilAsserted(() -> assertThat(shares).hasContent("2048"));
      assertThat(bytes).hasContent("" + (96L << 20));

      for (int i = 1; i <= 50; i++) {
        lab.runtime.resize(id, new ResourceLimits(1000L * i, (100L + i) << 20));
      }
      await().untilAsserted(() -> assertThat(shares).hasContent("51200"));
      await().untilAsserted(() -> assertThat(bytes).hasContent("" + (150L << 20)));
      lab.runtime.kill(id);
      lab.listener.awaitEnd(id);
      lab.runtime.resize(id, new ResourceLimits(1000, 1)); // Nobody is there: no harm.
    }
  }

  @Test
  void aCgroupThatCannotBeMadeFailsTheLaunchAndLeavesNone() throws IOException {
    try (LauncherLab lab = new LauncherLab(folder)) {
      ContainerSpec.Builder builder = lab.spec("true").limits(new ResourceLimits(1000, 100L << 20));
      Path taken = lab.cgroup("memory", builder.build().id());
      Files.createDirectory(taken);
      assertThat(lab.run(builder)).isEqualTo(new LaunchFailure("cgroup", taken + ": File exists"));
      assertThat(lab.cgroups()).containsExactly(taken);
      Files.delete(taken);
    }
  }

  @Test
  void theTaskSeesItselfAlone() throws IOException {
    try (LauncherLab lab = new LauncherLab(folder)) {
      // It and its init; and what it may send to its init does nothing.
      String script =
          "kill -TERM 1; kill -KILL 1; set -- /proc/[0-9]*; echo $#; echo $$;"
              + " mount -t tmpfs none /mnt && touch /mnt/inside; readlink /proc/self/ns/ipc";
      List<String> lines = lab.output(lab.shell(script)).lines().toList();
      assertThat(lines.subList(0, 2)).containsExactly("2", "2");
      assertThat(lines.get(2))
          .isNotEqualTo(Files.readSymbolicLink(Path.of("/proc/self/ns/ipc")).toString());
      assertThat(Path.of("/mnt/inside")).doesNotExist();
    }
  }

  @Test
  void aDiskThatIsFullAtTheEndLosesNoExitCode() throws IOException, InterruptedException {
    Path small = Files.createDirectory(folder.resolve("small"));
    run("mount", "-t", "tmpfs", "-o", "size=128k", "none", small.toString());
    try {
      try (LauncherLab lab = new LauncherLab(Files.createDirectory(folder.resolve("lab")))) {
        ContainerId id = new ContainerId("full");
        Path container = Files.createDirectory(small.resolve("full"));
        ContainerSpec.Builder builder =
            ContainerSpec.builder(id, container)
                .argv("/bin/sh", "-c", "cat /dev/zero; exit 77")
                .stdout(container.resolve("stdout"));
        assertThat(lab.runToStatus(builder)).isEqualTo(new Exited(77));
        assertThat(container.resolve("stdout").toFile().length()).isGreaterThan(50_000);
        assertThat(Files.readString(container.resolve("exit")))
            .contains(" code=77 ")
            .endsWith("\n");

        // Full from the start: no record could be kept, so nothing is run.
        ContainerId second = new ContainerId("fuller");
        Path folderOfSecond = Files.createDirectory(small.resolve("fuller"));
        LaunchFailure failure =
            (LaunchFailure)
                lab.run(ContainerSpec.builder(second, folderOfSecond).argv("/bin/true"));
        assertThat(failure.message()).contains("No space left on device");
      }
    } finally {
      run("umount", small.toString());
    }
  }

  private static void run(String... command) throws IOException, InterruptedException {
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
  }

  @Test
  void setUserIdProgramsAreKilledToo() throws IOException {
    // Root may kill everybody: nothing is left, whoever the task's children became.
    try (LauncherLab lab = new LauncherLab(folder, false)) {
      ExitRecord record =
          lab.runToExit(
              lab.shell(
                  "setsid setpriv --reuid=65534 --clear-groups sleep 1000 & sleep 0.2; exit 2"));
      assertThat(record.status()).isEqualTo(new Exited(2));
      assertThat(record.leftProcesses()).isZero();
      assertThat(lab.leftovers.processes()).noneMatch(line -> line.contains("sleep"));
    }
  }
}
