package io.perigee.agent.containers.cgroup;

import io.perigee.agent.containers.ContainerStatistics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a container's figures from its cgroups. */
public final class CgroupFigures {
  /**
   * cpuacct.stat counts in USER_HZ, which is 100 on every architecture that the launcher runs on.
   */
  private static final long NANOS_PER_TICK = 10_000_000;

  private CgroupFigures() {}

  /** Empty if there are no such groups (any more), or none that tell both CPU time and memory. */
  public static Optional<ContainerStatistics> read(CgroupPlan plan) {
    Path cpuFile = plan.cpuFile();
    Path oomFile = plan.oomFile();
    if (cpuFile == null || oomFile == null) {
      return Optional.empty();
    }
    Path memory = oomFile.resolveSibling("");
    try {
      String cpu = Files.readString(cpuFile);
      String used = firstOf(memory, "memory.current", "memory.usage_in_bytes");
      String details = Files.readString(memory.resolve("memory.stat"));
      String members = Files.readString(memory.resolve("cgroup.procs"));
      return Optional.of(parse(cpu, used, details, members));
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  private static String firstOf(Path directory, String name, String otherName) throws IOException {
    Path file = directory.resolve(name);
    return Files.readString(Files.exists(file) ? file : directory.resolve(otherName));
  }

  /** The texts of cpuacct.stat or cpu.stat, of the memory used, memory.stat and cgroup.procs. */
  static ContainerStatistics parse(String cpu, String used, String details, String members) {
    boolean v2 = figure(cpu, "user_usec") != null;
    long user = v2 ? zeroIfNull(figure(cpu, "user_usec")) * 1000 : ticks(cpu, "user");
    long system = v2 ? zeroIfNull(figure(cpu, "system_usec")) * 1000 : ticks(cpu, "system");
    Long anonymous = figure(details, "anon");
    Long rss = anonymous != null ? anonymous : figure(details, "total_rss");
    int processes = (int) members.lines().filter(line -> !line.isBlank()).count();
    return new ContainerStatistics(
        user, system, Long.parseLong(used.strip()), zeroIfNull(rss), processes);
  }

  private static long ticks(String text, String name) {
    return zeroIfNull(figure(text, name)) * NANOS_PER_TICK;
  }

  private static long zeroIfNull(@Nullable Long number) {
    return number == null ? 0 : number;
  }

  /** The number in the line {@code <name> <number>}; null if there is no such line. */
  private static @Nullable Long figure(String text, String name) {
    return text.lines()
        .filter(line -> line.startsWith(name + " "))
        .map(line -> Long.valueOf(line.substring(name.length() + 1).strip()))
        .findFirst()
        .orElse(null);
  }
}
