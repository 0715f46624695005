package io.perigee.agent.containers.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.agent.containers.ContainerEnd.ExitRecord;
import io.perigee.agent.containers.ContainerId;
import io.perigee.agent.containers.ContainerSpec;
import io.perigee.agent.containers.ExitStatus.Exited;
import io.perigee.agent.containers.ExitStatus.Signaled;
import io.perigee.agent.containers.ResourceLimits;
import io.perigee.agent.containers.cgroup.CgroupPlan;
import io.perigee.agent.containers.cgroup.CgroupRoots;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Plans for cgroup version 2 on a real kernel with its controllers: a user-mode Linux, which is an
 * ordinary process. Needs the program {@code linux.uml} (Debian: user-mode-linux); about ten
 * seconds.
 */
@Tag("slow")
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CgroupV2IT {
  private static final CgroupRoots ROOTS =
      new CgroupRoots(
          Map.of(), Path.of("/sys/fs/cgroup/perigee"), Set.of("cpu", "memory"), List.of());

  /** User-mode Linux 6.1 keeps less of a process' registers than processors with AMX have. */
  private static final String PROCESSOR_IS_TOO_NEW = "userspace - ptrace set fp regs failed";

  @TempDir private Path folder;

  private void write(String name, List<String> namespaces, String... argv) throws IOException {
    ContainerId id = new ContainerId(name);
    Path container = Path.of("/run", name);
    ResourceLimits limits = new ResourceLimits(1500, 64L << 20);
    ContainerSpec spec =
        ContainerSpec.builder(id, container)
            .argv(argv)
            .environment("PATH", "/usr/bin:/bin")
            .stdout(container.resolve("stdout"))
            .build();
    Files.write(
        folder.resolve(name + ".spec"),
        SpecFile.encode(spec, null, namespaces, CgroupPlan.of(ROOTS, id, limits, true)));
  }

  @Test
  void limitsHoldAndNothingIsLeft() throws IOException, InterruptedException {
    Files.copy(
        LauncherLab.binary(folder),
        folder.resolve("perigee-launcher"),
        StandardCopyOption.COPY_ATTRIBUTES);
    List<String> all = List.of("pid", "mount", "ipc");
    for (List<String> namespaces : List.of(all, List.<String>of())) {
      String suffix = namespaces.isEmpty() ? "-bare" : "-isolated";
      write(
          "group" + suffix,
          namespaces,
          "sh",
          "-c",
          "cat /proc/self/cgroup; cd /sys/fs/cgroup/perigee/group"
              + suffix
              + "; cat cpu.weight cpu.max memory.max; exit 3");
      write("hungry" + suffix, namespaces, "tail", "-n1", "/dev/zero");
      write("hungry-child" + suffix, namespaces, "sh", "-c", "tail -n1 /dev/zero; exit 5");
      write(
          "detached" + suffix,
          namespaces,
          "sh",
          "-c",
          "(setsid sleep 1000 &); (setsid sleep 1000 &); sleep 0.3; exit 4");
    }
    List<String> lines = boot();

    assertThat(lines)
        .contains("cgroup2=rw /sys/fs/cgroup", "cgroup2_controller=memory", "namespace=pid");
    Map<String, ExitRecord> records =
        lines.stream()
            .filter(line -> line.startsWith("exited "))
            .map(line -> RecordLine.parse(line.substring("exited ".length())).orElseThrow())
            .collect(
                Collectors.toMap(
                    record -> record.id().value(), record -> (ExitRecord) record.end()));
    for (String suffix : List.of("-isolated", "-bare")) {
      assertThat(lines)
          .containsSubsequence(
              "output group" + suffix + " 0::/perigee/group" + suffix,
              "output group" + suffix + " 150",
              "output group" + suffix + " 150000 100000",
              "output group" + suffix + " 67108864");
      ExitRecord group = Objects.requireNonNull(records.get("group" + suffix));
      assertThat(group.status()).isEqualTo(new Exited(3));
      assertThat(group.oomKilled()).isFalse();
      // Version 2 kills the whole group, so the shell has no chance to go on.
      for (String hungry : List.of("hungry", "hungry-child")) {
        ExitRecord record = Objects.requireNonNull(records.get(hungry + suffix));
        assertThat(record.status()).isEqualTo(new Signaled(9, false));
        assertThat(record.oomKilled()).isTrue();
        assertThat(record.usage().maxRssBytes()).isBetween(50L << 20, 66L << 20);
        assertThat(record.usage().userNanos()).isPositive();
      }
      assertThat(Objects.requireNonNull(records.get("detached" + suffix)).status())
          .isEqualTo(new Exited(4));
    }
    assertThat(records.values()).allMatch(record -> record.leftCgroups() == 0);
    assertThat(lines).contains("done").noneMatch(line -> line.startsWith("left "));
  }

  private List<String> boot() throws IOException, InterruptedException {
    Path kernel =
        Stream.of(System.getenv("PATH").split(File.pathSeparator))
            .map(directory -> Path.of(directory, "linux.uml"))
            .filter(Files::isExecutable)
            .findFirst()
            .orElseGet(() -> Assumptions.abort("no linux.uml (Debian: user-mode-linux)"));
    Path init = folder.resolve("init");
    try (InputStream in = CgroupV2IT.class.getResourceAsStream("uml-init.sh")) {
      String script = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      Files.writeString(init, script.replace("FOLDER", folder.toString()));
    }
    Files.setPosixFilePermissions(init, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path console = folder.resolve("console");
    ProcessBuilder builder =
        new ProcessBuilder(
                kernel.toString(),
                "mem=600M",
                "root=/dev/root",
                "rootfstype=hostfs",
                "rootflags=/",
                "ro",
                "init=" + init,
                "con=null",
                "con0=null,fd:1",
                "con1=null",
                "ssl=null",
                "quiet")
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(console.toFile());
    builder.environment().put("TMPDIR", "/dev/shm");
    Process machine = builder.start();
    try {
      assertThat(machine.waitFor(200, TimeUnit.SECONDS)).as("the machine went off").isTrue();
    } finally {
      machine.descendants().forEach(ProcessHandle::destroyForcibly);
      machine.destroyForcibly();
    }
    List<String> lines =
        Files.readString(console, StandardCharsets.ISO_8859_1).lines().map(String::strip).toList();
    Assumptions.assumeFalse(
        lines.stream().anyMatch(line -> line.startsWith(PROCESSOR_IS_TOO_NEW)),
        "user-mode Linux does not run on this processor (" + PROCESSOR_IS_TOO_NEW + ")");
    return lines;
  }
}
