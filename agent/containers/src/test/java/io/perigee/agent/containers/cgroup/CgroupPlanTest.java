package io.perigee.agent.containers.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.agent.containers.ContainerId;
import io.perigee.agent.containers.ResourceLimits;
import io.perigee.common.SeededRandom;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CgroupPlanTest {
  private static final ContainerId ID = new ContainerId("c1");
  private static final ResourceLimits LIMITS = new ResourceLimits(2500, 1L << 30);

  private static final CgroupRoots V1 =
      new CgroupRoots(
          Map.of(
              "cpu", Path.of("/cpu/p"), "cpuacct", Path.of("/acct/p"), "memory", Path.of("/m/p")),
          null,
          Set.of(),
          List.of());

  private static final CgroupRoots V2 =
      new CgroupRoots(Map.of(), Path.of("/u/p"), Set.of("cpu", "memory"), List.of());

  @Test
  void versionOne() {
    CgroupPlan plan = CgroupPlan.of(V1, ID, LIMITS, true);
    assertThat(plan.directories())
        .containsExactly(Path.of("/cpu/p/c1"), Path.of("/acct/p/c1"), Path.of("/m/p/c1"));
    assertThat(plan.writes())
        .containsExactly(
            Map.entry(Path.of("/cpu/p/c1/cpu.shares"), "2560"),
            Map.entry(Path.of("/cpu/p/c1/cpu.cfs_period_us"), "100000"),
            Map.entry(Path.of("/cpu/p/c1/cpu.cfs_quota_us"), "250000"),
            Map.entry(Path.of("/m/p/c1/memory.limit_in_bytes"), "1073741824"));
    assertThat(plan.joins())
        .containsExactly(
            Path.of("/cpu/p/c1/tasks"), Path.of("/acct/p/c1/tasks"), Path.of("/m/p/c1/tasks"));
    assertThat(plan.oomFile()).isEqualTo(Path.of("/m/p/c1/memory.oom_control"));
    assertThat(plan.cpuFile()).isEqualTo(Path.of("/acct/p/c1/cpuacct.stat"));
    assertThat(plan.killFile()).isNull();
  }

  @Test
  void versionOneWithControllersMountedTogether() {
    Path both = Path.of("/cpu,cpuacct/p");
    CgroupRoots roots =
        new CgroupRoots(Map.of("cpu", both, "cpuacct", both), null, Set.of(), List.of());
    CgroupPlan plan = CgroupPlan.of(roots, ID, LIMITS, false);
    assertThat(plan.directories()).containsExactly(both.resolve("c1"));
    assertThat(plan.joins()).containsExactly(both.resolve("c1/tasks"));
    assertThat(plan.writes()).containsExactly(Map.entry(both.resolve("c1/cpu.shares"), "2560"));
    assertThat(plan.oomFile()).isNull();
  }

  @Test
  void versionTwo() {
    CgroupPlan plan = CgroupPlan.of(V2, ID, LIMITS, true);
    assertThat(plan.directories()).containsExactly(Path.of("/u/p/c1"));
    assertThat(plan.writes())
        .containsExactly(
            Map.entry(Path.of("/u/p/c1/cpu.weight"), "250"),
            Map.entry(Path.of("/u/p/c1/cpu.max"), "250000 100000"),
            Map.entry(Path.of("/u/p/c1/memory.max"), "1073741824"),
            Map.entry(Path.of("/u/p/c1/memory.oom.group"), "1"));
    assertThat(plan.joins()).containsExactly(Path.of("/u/p/c1/cgroup.procs"));
    assertThat(plan.oomFile()).isEqualTo(Path.of("/u/p/c1/memory.events"));
    assertThat(plan.cpuFile()).isEqualTo(Path.of("/u/p/c1/cpu.stat"));
    assertThat(plan.killFile()).isEqualTo(Path.of("/u/p/c1/cgroup.kill"));
  }

  @Test
  void hybridTakesEachControllerFromWhereItIs() {
    CgroupRoots roots =
        new CgroupRoots(
            Map.of("cpu", Path.of("/cpu/p")), Path.of("/u/p"), Set.of("memory"), List.of());
    CgroupPlan plan = CgroupPlan.of(roots, ID, LIMITS, false);
    assertThat(plan.writes())
        .containsExactly(
            Map.entry(Path.of("/cpu/p/c1/cpu.shares"), "2560"),
            Map.entry(Path.of("/u/p/c1/memory.max"), "1073741824"),
            Map.entry(Path.of("/u/p/c1/memory.oom.group"), "1"));
    assertThat(plan.oomFile()).isEqualTo(Path.of("/u/p/c1/memory.events"));
    assertThat(plan.cpuFile()).isEqualTo(Path.of("/u/p/c1/cpu.stat"));
  }

  @Test
  void nothingIsLimitedWhereNothingIs() {
    assertThat(CgroupPlan.of(CgroupRoots.NONE, ID, LIMITS, true)).isEqualTo(CgroupPlan.NONE);
    CgroupRoots killing = new CgroupRoots(Map.of(), Path.of("/u/p"), Set.of(), List.of());
    CgroupPlan plan = CgroupPlan.of(killing, ID, LIMITS, true);
    assertThat(plan.writes()).isEmpty();
    assertThat(plan.killFile()).isEqualTo(Path.of("/u/p/c1/cgroup.kill"));
  }

  @Test
  void noLimitsWriteNothing() {
    assertThat(CgroupPlan.of(V1, ID, ResourceLimits.NONE, true).writes()).isEmpty();
    assertThat(CgroupPlan.of(V2, ID, ResourceLimits.NONE, true).writes()).isEmpty();
  }

  @Test
  void smallLimitsAreRaisedToTheLeastThatWorks() {
    ResourceLimits least = new ResourceLimits(1, 1);
    assertThat(CgroupPlan.of(V1, ID, least, true).writes().values())
        .containsExactly("2", "100000", "1000", "33554432");
    assertThat(CgroupPlan.of(V2, ID, least, true).writes().values())
        .containsExactly("1", "1000 100000", "33554432", "1");
  }

  @Test
  void sharesWeightsAndQuotasStayInTheKernelsRangesAndFollowTheCpus() {
    long seed = System.nanoTime();
    SeededRandom random = new SeededRandom(seed);
    for (int i = 0; i < 1000; i++) {
      long smaller = 1 + random.nextLong(1L << random.nextInt(30));
      ResourceLimits few = new ResourceLimits(smaller, 0);
      ResourceLimits many = new ResourceLimits(smaller + random.nextLong(100_000), 0);
      assertThat(number(V1, few, 0)).as("seed " + seed).isBetween(2L, 262_144L);
      assertThat(number(V1, few, 0)).as("seed " + seed).isLessThanOrEqualTo(number(V1, many, 0));
      assertThat(number(V1, few, 2)).as("seed " + seed).isBetween(1000L, number(V1, many, 2));
      assertThat(number(V2, few, 0)).as("seed " + seed).isBetween(1L, 10_000L);
      assertThat(number(V2, few, 0)).as("seed " + seed).isLessThanOrEqualTo(number(V2, many, 0));
    }
  }

  private static long number(CgroupRoots roots, ResourceLimits limits, int index) {
    List<String> values = List.copyOf(CgroupPlan.of(roots, ID, limits, true).writes().values());
    return Long.parseLong(values.get(index));
  }
}
