package io.perigee.agent.containers;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What /proc tells of a process and all that descend from it. Linux only. */
public final class ProcessTree {
  /** Fields after the name in /proc/PID/stat (proc(5)), counted from 0. */
  private static final int PARENT = 1;

  private static final int SESSION = 3;
  private static final int USER_TICKS = 11;
  private static final int SYSTEM_TICKS = 12;
  private static final int START_TICKS = 19;
  private static final long NANOS_PER_TICK = 10_000_000;

  /**
   * One process.
   *
   * @param startTicks since boot; with the pid it names a process for good
   */
  public record Entry(
      long pid, long parent, long session, long userNanos, long systemNanos, long startTicks) {}

  private ProcessTree() {}

  /** Reads a line of /proc/PID/stat; empty if it is none. */
  static Optional<Entry> parse(String stat) {
    int open = stat.indexOf(" (");
    // The name may hold spaces and parentheses itself.
    int close = stat.lastIndexOf(") ");
    if (open < 0 || close < open) {
      return Optional.empty();
    }
    String[] fields = stat.substring(close + 2).split(" ");
    try {
      return Optional.of(
          new Entry(
              Long.parseLong(stat.substring(0, open)),
              Long.parseLong(fields[PARENT]),
              Long.parseLong(fields[SESSION]),
              Long.parseLong(fields[USER_TICKS]) * NANOS_PER_TICK,
              Long.parseLong(fields[SYSTEM_TICKS]) * NANOS_PER_TICK,
              Long.parseLong(fields[START_TICKS])));
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException malformed) {
      return Optional.empty();
    }
  }

  /** The given processes' subtree under {@code root}, without it. */
  static List<Entry> below(long root, List<Entry> processes) {
    Map<Long, List<Entry>> children =
        processes.stream().collect(Collectors.groupingBy(Entry::parent));
    List<Entry> found = new ArrayList<>();
    ArrayDeque<Long> parents = new ArrayDeque<>(List.of(root));
    while (!parents.isEmpty()) {
      for (Entry child : children.getOrDefault(parents.poll(), List.of())) {
        found.add(child);
        parents.add(child.pid());
      }
    }
    return found;
  }

  /** One living process; empty if there is none. */
  public static Optional<Entry> read(long pid) {
    try {
      return parse(Files.readString(Path.of("/proc/" + pid + "/stat")));
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  /** All processes that this one may see. */
  public static List<Entry> readAll() {
    List<Entry> entries = new ArrayList<>();
    try (DirectoryStream<Path> directory = Files.newDirectoryStream(Path.of("/proc"), "[1-9]*")) {
      for (Path path : directory) {
        read(Long.parseLong(path.getFileName().toString())).ifPresent(entries::add);
      }
    } catch (IOException noProc) {
      return List.of();
    }
    return entries;
  }

  /**
   * What the descendants of a process use now. Empty if there are none.
   *
   * @param root itself not counted
   */
  public static Optional<ContainerStatistics> statisticsBelow(long root) {
    return sum(below(root, readAll()));
  }

  /** What some processes use now. Empty if there are none. */
  public static Optional<ContainerStatistics> statistics(Predicate<Entry> members) {
    return sum(readAll().stream().filter(members).toList());
  }

  private static Optional<ContainerStatistics> sum(List<Entry> members) {
    if (members.isEmpty()) {
      return Optional.empty();
    }
    long rss = members.stream().mapToLong(member -> rssBytes(member.pid())).sum();
    return Optional.of(
        new ContainerStatistics(
            members.stream().mapToLong(Entry::userNanos).sum(),
            members.stream().mapToLong(Entry::systemNanos).sum(),
            rss,
            rss,
            members.size()));
  }

  private static long rssBytes(long pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/status"))
          .lines()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .sum();
    } catch (IOException gone) {
      return 0;
    }
  }
}
