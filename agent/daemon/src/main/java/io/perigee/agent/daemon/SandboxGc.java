package io.perigee.agent.daemon;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileStore;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes sandboxes some time after their end, sooner the fuller the disk is. Safe for all threads;
 * {@link #collect} blocks. Source: mesos/src/slave/gc.cpp and Slave::age.
 */
final class SandboxGc {
  private static final Logger LOG = LoggerFactory.getLogger(SandboxGc.class);

  /**
   * Part of the disk that is to stay free: at 90 % nothing that ended is kept (Mesos' flag
   * gc_disk_headroom).
   */
  private static final double HEADROOM = 0.1;

  private final Path workDir;
  private final Duration delay;
  private final PriorityQueue<Ended> ended = new PriorityQueue<>(Comparator.comparing(Ended::at));

  private final LongAdder removed = new LongAdder();
  private final LongAdder notRemoved = new LongAdder();

  /**
   * A sandbox that is not used any more.
   *
   * @param link that may point to it
   */
  private record Ended(Path sandbox, Path link, Instant at) {}

  SandboxGc(Path workDir, Duration delay) {
    this.workDir = workDir;
    this.delay = delay;
  }

  /** How old an ended sandbox may become at this use of the disk (0 to 1). */
  static Duration allowedAge(Duration delay, double usage) {
    double part = Math.max(0, 1 - HEADROOM - usage);
    return Duration.ofNanos((long) (delay.toNanos() * part));
  }

  /**
   * The sandbox is not used any more.
   *
   * @param link that may point to it
   */
  synchronized void sandboxEnded(Path sandbox, Path link, Instant at) {
    ended.add(new Ended(sandbox, link, at));
  }

  /** What was and is to be deleted, by Mesos' names. Looks at the disk. */
  Map<String, Double> metrics() {
    int pending;
    synchronized (this) {
      pending = ended.size();
    }
    Map<String, Double> values = new TreeMap<>();
    values.put("gc/path_removals_succeeded", (double) removed.sum());
    values.put("gc/path_removals_failed", (double) notRemoved.sum());
    values.put("gc/path_removals_pending", (double) pending);
    try {
      double seconds = allowedAge(delay, usage()).toNanos() / 1e9;
      values.put("slave/executor_directory_max_allowed_age_secs", seconds);
    } catch (IOException unknown) {
      // Left out, as by Mesos where a metric cannot be told.
    }
    return values;
  }

  private double usage() throws IOException {
    FileStore store = Files.getFileStore(workDir);
    return 1 - (double) store.getUsableSpace() / Math.max(1, store.getTotalSpace());
  }

  /**
   * The directories of earlier agents: all that are there before this one is registered, which then
   * has an id, and so a directory, of its own.
   */
  List<Path> leftOvers() {
    Path slaves = workDir.resolve("slaves");
    if (!Files.isDirectory(slaves)) {
      return List.of();
    }
    try (Stream<Path> agents = Files.list(slaves)) {
      return agents.toList();
    } catch (IOException e) {
      LOG.warn("cannot look through old sandboxes: {}", e.toString());
      return List.of();
    }
  }

  /** Takes up what earlier agents left behind: nothing of it is used any more. */
  void adopt(List<Path> agents) throws IOException {
    for (Path agent : agents) {
      adopt(agent);
    }
  }

  private void adopt(Path agent) throws IOException {
    List<Path> sandboxes = new ArrayList<>();
    // ID/frameworks/ID/executors/ID/runs/ID
    try (Stream<Path> all = Files.find(agent, 6, (p, a) -> a.isDirectory())) {
      all.filter(p -> agent.relativize(p).getNameCount() == 6).forEach(sandboxes::add);
    }
    for (Path sandbox : sandboxes) {
      sandboxEnded(
          sandbox,
          sandbox.resolveSibling("latest"),
          Files.getLastModifiedTime(sandbox).toInstant());
    }
  }

  /** Deletes what is too old by now. */
  void collect(Instant now) {
    try {
      Instant oldest = now.minus(allowedAge(delay, usage()));
      for (Ended next = pollOlderThan(oldest); next != null; next = pollOlderThan(oldest)) {
        delete(next);
      }
    } catch (IOException e) {
      LOG.warn("cannot look at the disk of {}: {}", workDir, e.toString());
    }
  }

  private synchronized @Nullable Ended pollOlderThan(Instant oldest) {
    Ended first = ended.peek();
    return first != null && first.at().isBefore(oldest) ? ended.poll() : null;
  }

  private void delete(Ended next) {
    try {
      deleteTree(next.sandbox());
      if (Files.isSymbolicLink(next.link())
          && Files.readSymbolicLink(next.link()).equals(next.sandbox())) {
        Files.delete(next.link());
      }
      prune(next.link().getParent());
      prune(next.sandbox().getParent());
      removed.increment();
    } catch (IOException e) {
      notRemoved.increment();
      LOG.warn("cannot delete the sandbox {}: {}", next.sandbox(), e.toString());
    }
  }

  /** Deletes a directory and those above, up to that of the framework, as far as they are empty. */
  private void prune(@Nullable Path lowest) throws IOException {
    Path slaves = workDir.resolve("slaves");
    // ID/frameworks/ID and below.
    for (Path path = lowest;
        path != null && path.startsWith(slaves) && slaves.relativize(path).getNameCount() > 2;
        path = path.getParent()) {
      try {
        Files.deleteIfExists(path);
      } catch (DirectoryNotEmptyException used) {
        return;
      }
    }
  }

  static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
              throws IOException {
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
