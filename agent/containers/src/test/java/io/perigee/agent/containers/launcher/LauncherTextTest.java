package io.perigee.agent.containers.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.agent.containers.ContainerEnd;
import io.perigee.agent.containers.ContainerEnd.ExitRecord;
import io.perigee.agent.containers.ContainerEnd.LaunchFailure;
import io.perigee.agent.containers.ContainerEnd.Usage;
import io.perigee.agent.containers.ContainerId;
import io.perigee.agent.containers.ContainerSpec;
import io.perigee.agent.containers.ExitStatus;
import io.perigee.agent.containers.ExitStatus.Exited;
import io.perigee.agent.containers.ExitStatus.Lost;
import io.perigee.agent.containers.ExitStatus.Signaled;
import io.perigee.agent.containers.ProcessLimit;
import io.perigee.agent.containers.ResourceLimits;
import io.perigee.agent.containers.UserIdentity;
import io.perigee.agent.containers.cgroup.CgroupPlan;
import io.perigee.agent.containers.cgroup.CgroupRoots;
import io.perigee.common.SeededRandom;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The texts that pass between agent and launcher; the golden files are what version 1 writes. */
class LauncherTextTest {
  private static final ContainerId ID = new ContainerId("c1");

  private static String golden(String name) throws IOException {
    try (InputStream in = LauncherTextTest.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static ContainerEnd ended(ExitStatus status, boolean oom) {
    return new ExitRecord(
        status,
        true,
        oom,
        new Usage(
            1_447_000, 2_000, 1_064_960, 1_795_471_005_884_174_346L, 1_795_471_005_884_718_431L),
        1,
        2);
  }

  @Test
  void recordsOfVersionOneAreRead() throws IOException {
    assertThat(
            golden("exit-records.txt")
                .lines()
                .map(line -> RecordLine.parse(line).map(RecordLine::end).orElseThrow()))
        .containsExactly(
            ended(new Exited(0), false),
            ended(new Exited(137), true),
            ended(new Signaled(9, false), true),
            ended(new Signaled(11, true), false),
            new LaunchFailure("exec", "no such text=program: No such file or directory"),
            ended(new Lost("the supervisor ended without an exit record"), false));
  }

  @Test
  void whatANewerLauncherAddsIsLeftAlone() {
    String line =
        "v=1 id=c1 new=thing outcome=exited code=3 oom=0 user_us=0 system_us=0 max_rss_bytes=0"
            + " started_ns=0 ended_ns=0 left_processes=0 left_cgroups=0 more=1";
    assertThat(RecordLine.parse(line))
        .contains(
            new RecordLine(ID, new ExitRecord(new Exited(3), true, false, Usage.UNKNOWN, 0, 0)));
  }

  @Test
  void anythingElseIsNoRecord() throws IOException {
    List<String> good = golden("exit-records.txt").lines().toList();
    for (String line : good) {
      assertThat(RecordLine.parse(line.replace("v=1", "v=2"))).isEmpty();
      assertThat(RecordLine.parse(line.replace("id=c1", "id=../x"))).isEmpty();
      assertThat(RecordLine.parse(line.replace("outcome=", "outcome=x"))).isEmpty();
    }
    assertThat(RecordLine.parse(good.getFirst().replace("code=0", "code=zero"))).isEmpty();
    assertThat(RecordLine.parse(good.getFirst().replace("ended_ns=", "ended="))).isEmpty();
    assertThat(RecordLine.parse("")).isEmpty();
    assertThat(RecordLine.parse(" text=")).isEmpty();
  }

  @Test
  void damagedLinesNeverThrow() throws IOException {
    long seed = System.nanoTime();
    SeededRandom random = new SeededRandom(seed);
    List<String> lines =
        Stream.concat(
                golden("exit-records.txt").lines().map(line -> "exited " + line),
                Stream.of("started c1 12 34", "refused c1 text", "perigee-launcher 1"))
            .toList();
    for (int i = 0; i < 20_000; i++) {
      StringBuilder line = new StringBuilder(lines.get(random.nextInt(lines.size())));
      for (int hits = random.nextInt(4); hits >= 0; hits--) {
        line.setCharAt(random.nextInt(line.length()), (char) random.nextInt(128));
      }
      line.setLength(random.nextInt(line.length()) + 1);
      assertThat(LauncherEvent.parse(line.toString())).as("seed " + seed).isNotNull();
    }
  }

  @Test
  void eventsAreRead() {
    assertThat(LauncherEvent.parse("perigee-launcher 1")).contains(new LauncherEvent.Hello(1));
    assertThat(LauncherEvent.parse("started c1 12 34"))
        .contains(new LauncherEvent.Started(ID, 12, 34));
    assertThat(LauncherEvent.parse("attached c1 12 34"))
        .contains(new LauncherEvent.Started(ID, 12, 34));
    assertThat(LauncherEvent.parse("refused c1 too many containers"))
        .contains(new LauncherEvent.Refused(ID, "too many containers"));
    assertThat(LauncherEvent.parse("failed v=1 id=c1 outcome=failed stage=cwd text=/x: y"))
        .contains(new LauncherEvent.Ended(ID, new LaunchFailure("cwd", "/x: y")));
    for (String line :
        List.of("", "started", "started c1", "started c1 x 1", "started c1 1 2 3", "dance c1")) {
      assertThat(LauncherEvent.parse(line)).isEqualTo(Optional.empty());
    }
  }

  @Test
  void theSpecificationIsWrittenAsTheLauncherReadsIt() throws IOException {
    ContainerSpec spec =
        ContainerSpec.builder(ID, Path.of("/box/c1"))
            .executable("/bin/sh")
            .argv("sh", "-c", "echo größer\nand more", "")
            .environment("PATH", "/bin")
            .environment("EMPTY", "")
            .workingDirectory(Path.of("/box/c1/sandbox"))
            .stdout(Path.of("/box/c1/sandbox/stdout"))
            .stderr(Path.of("/box/c1/sandbox/stderr"))
            .limits(new ResourceLimits(500, 64L << 20))
            .processLimit(new ProcessLimit(ProcessLimit.Resource.NOFILE, 1024, 4096))
            .processLimit(new ProcessLimit(ProcessLimit.Resource.CORE, 0, ProcessLimit.UNLIMITED))
            .dieWithAgent(true)
            .build();
    CgroupRoots roots =
        new CgroupRoots(
            Map.of("cpu", Path.of("/cg/cpu/perigee")),
            Path.of("/cg/unified/perigee"),
            Set.of("memory"),
            List.of());
    byte[] bytes =
        SpecFile.encode(
            spec,
            new UserIdentity(1000, 1001, List.of(1001L, 27L)),
            List.of("pid", "mount", "ipc"),
            CgroupPlan.of(roots, ID, spec.limits(), false));
    assertThat(new String(bytes, StandardCharsets.UTF_8).replace("\0", "\0\n"))
        .isEqualTo(golden("spec.txt").replace("<NUL>", "\0"));
  }

  @Test
  void probesAreRead() throws IOException {
    LauncherHost hybrid = LauncherHost.parse(golden("probe-hybrid.txt"));
    assertThat(hybrid.isRoot()).isTrue();
    assertThat(hybrid.namespaces()).containsExactly("pid", "mount", "ipc");
    assertThat(hybrid.cgroups().mode()).isEqualTo("hybrid");
    assertThat(hybrid.cgroups().v1())
        .containsEntry("memory", Path.of("/sys/fs/cgroup/memory"))
        .doesNotContainKey("cpuset");
    assertThat(hybrid.cgroups().v2()).isEqualTo(Path.of("/sys/fs/cgroup/unified"));
    assertThat(hybrid.cgroups().v2Controllers()).containsExactly("hugetlb");

    LauncherHost other = LauncherHost.parse("launcher=1\nuid=1000\ncgroup2=ro /sys/fs/cgroup\n");
    assertThat(other.isRoot()).isFalse();
    assertThat(other.namespaces()).isEmpty();
    assertThat(other.cgroups().mode()).isEqualTo("none");

    for (String output : List.of("", "hello", "uid=0", "launcher=2\nuid=0", "launcher=x\nuid=0")) {
      assertThatThrownBy(() -> LauncherHost.parse(output))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
