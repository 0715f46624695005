package io.perigee.agent.containers.cgroup;

import io.perigee.agent.containers.ContainerId;
import io.perigee.agent.containers.ResourceLimits;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One container's cgroups: what to create, write and join, and where its figures are then. Pure.
 * Each controller is taken from version 1 where it is mounted there, else from version 2.
 *
 * @param directories to create, in this order
 * @param writes value of each file, written in this order once all directories are there
 * @param joins files into which the task writes itself
 * @param oomFile has a line {@code oom_kill <number>}; null: memory is not limited
 * @param cpuFile the CPU time of all processes; null: none
 * @param killFile kills all processes when 1 is written; null: none
 */
public record CgroupPlan(
    List<Path> directories,
    Map<Path, String> writes,
    List<Path> joins,
    @Nullable Path oomFile,
    @Nullable Path cpuFile,
    @Nullable Path killFile) {

  /** Shares of one CPU and the least, as in Mesos (CPU_SHARES_PER_CPU, MIN_CPU_SHARES). */
  private static final long SHARES_PER_CPU = 1024;

  private static final long MIN_SHARES = 2;

  /** The kernel's own bound (MAX_SHARES). */
  private static final long MAX_SHARES = 262_144;

  /**
   * One CPU weighs what the kernel gives a group by default, as with shares (1024), so that the
   * ratio to other groups of the host is the same in both versions.
   */
  private static final long WEIGHT_PER_CPU = 100;

  private static final long MAX_WEIGHT = 10_000;

  /** As in Mesos: CPU_CFS_PERIOD 100 ms, MIN_CPU_CFS_QUOTA 1 ms. */
  private static final long PERIOD_MICROS = 100_000;

  private static final long MIN_QUOTA_MICROS = 1_000;

  /** As in Mesos (MIN_MEMORY): a process can hardly start in less. */
  static final long MIN_MEMORY_BYTES = 32L << 20;

  public static final CgroupPlan NONE =
      new CgroupPlan(List.of(), Map.of(), List.of(), null, null, null);

  /**
   * @param roots the containers' common parents
   */
  public static CgroupPlan of(
      CgroupRoots roots, ContainerId id, ResourceLimits limits, boolean cfsQuota) {
    Set<Path> directories = new LinkedHashSet<>();
    Set<Path> joins = new LinkedHashSet<>();
    Map<Path, String> writes = new LinkedHashMap<>();
    for (Path root : roots.v1().values()) {
      Path group = root.resolve(id.value());
      directories.add(group);
      // A thread that moves itself spares the kernel a lock that stops every fork of the machine.
      joins.add(group.resolve("tasks"));
    }
    @Nullable Path v2 = roots.v2() == null ? null : roots.v2().resolve(id.value());
    if (v2 != null) {
      directories.add(v2);
      joins.add(v2.resolve("cgroup.procs"));
    }
    @Nullable Path cpu = group(roots, "cpu", id);
    if (cpu != null) {
      cpuWritesV1(cpu, limits.cpuThousandths(), cfsQuota, writes);
    } else if (v2 != null && roots.v2Controllers().contains("cpu")) {
      cpuWritesV2(v2, limits.cpuThousandths(), cfsQuota, writes);
    }
    @Nullable Path memory = group(roots, "memory", id);
    boolean memoryV2 = memory == null && v2 != null && roots.v2Controllers().contains("memory");
    if (limits.memoryBytes() > 0) {
      String bytes = Long.toString(Math.max(limits.memoryBytes(), MIN_MEMORY_BYTES));
      if (memory != null) {
        writes.put(memory.resolve("memory.limit_in_bytes"), bytes);
      } else if (v2 != null && memoryV2) {
        writes.put(v2.resolve("memory.max"), bytes);
        writes.put(v2.resolve("memory.oom.group"), "1");
      }
    }
    return new CgroupPlan(
        List.copyOf(directories),
        writes,
        List.copyOf(joins),
        file(memory, "memory.oom_control", memoryV2 ? v2 : null, "memory.events"),
        file(group(roots, "cpuacct", id), "cpuacct.stat", v2, "cpu.stat"),
        file(v2, "cgroup.kill", null, ""));
  }

  private static @Nullable Path group(CgroupRoots roots, String controller, ContainerId id) {
    Path root = roots.v1().get(controller);
    return root == null ? null : root.resolve(id.value());
  }

  private static @Nullable Path file(
      @Nullable Path first, String firstName, @Nullable Path second, String secondName) {
    if (first != null) {
      return first.resolve(firstName);
    }
    return second == null ? null : second.resolve(secondName);
  }

  private static void cpuWritesV1(
      Path group, long thousandths, boolean cfsQuota, Map<Path, String> writes) {
    if (thousandths == 0) {
      return;
    }
    long shares = Math.clamp(thousandths * SHARES_PER_CPU / 1000, MIN_SHARES, MAX_SHARES);
    writes.put(group.resolve("cpu.shares"), Long.toString(shares));
    if (cfsQuota) {
      writes.put(group.resolve("cpu.cfs_period_us"), Long.toString(PERIOD_MICROS));
      writes.put(group.resolve("cpu.cfs_quota_us"), Long.toString(quotaMicros(thousandths)));
    }
  }

  private static void cpuWritesV2(
      Path group, long thousandths, boolean cfsQuota, Map<Path, String> writes) {
    if (thousandths == 0) {
      return;
    }
    long weight = Math.clamp(thousandths * WEIGHT_PER_CPU / 1000, 1, MAX_WEIGHT);
    writes.put(group.resolve("cpu.weight"), Long.toString(weight));
    if (cfsQuota) {
      writes.put(group.resolve("cpu.max"), quotaMicros(thousandths) + " " + PERIOD_MICROS);
    }
  }

  private static long quotaMicros(long thousandths) {
    return Math.max(thousandths * PERIOD_MICROS / 1000, MIN_QUOTA_MICROS);
  }
}
