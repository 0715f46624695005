package io.perigee.agent.daemon;

import java.io.IOException;
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
import java.util.PriorityQueue;
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

  private record Ended(Path sandbox, Instant at) {}

  SandboxGc(Path workDir, Duration delay) {
    this.workDir = workDir;
    this.delay = delay;
  }

  /** How old an ended sandbox may become at this use of the disk (0 to 1). */
  static Duration allowedAge(Duration delay, double usage) {
    double part = Math.max(0, 1 - HEADROOM - usage);
    return Duration.ofNanos((long) (delay.toNanos() * part));
  }

  /** The sandbox is not used any more. */
  synchronized void sandboxEnded(Path sandbox, Instant at) {
    ended.add(new Ended(sandbox, at));
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
      sandboxEnded(sandbox, Files.getLastModifiedTime(sandbox).toInstant());
    }
  }

  /** Deletes what is too old by now. */
  void collect(Instant now) {
    try {
      FileStore store = Files.getFileStore(workDir);
      double usage = 1 - (double) store.getUsableSpace() / Math.max(1, store.getTotalSpace());
      Instant oldest = now.minus(allowedAge(delay, usage));
      for (Ended next = pollOlderThan(oldest); next != null; next = pollOlderThan(oldest)) {
        delete(next.sandbox());
      }
    } catch (IOException e) {
      LOG.warn("cannot look at the disk of {}: {}", workDir, e.toString());
    }
  }

  private synchronized @Nullable Ended pollOlderThan(Instant oldest) {
    Ended first = ended.peek();
    return first != null && first.at().isBefore(oldest) ? ended.poll() : null;
  }

  private void delete(Path sandbox) {
    try {
      deleteTree(sandbox);
      // runs, executor, executors, framework: gone with the last of their kind.
      Path above = sandbox.getParent();
      for (int i = 0; i < 4 && above != null; i++) {
        Path latest = above.resolve("latest");
        try (Stream<Path> rest = Files.list(above)) {
          if (rest.anyMatch(p -> !p.equals(latest))) {
            return;
          }
        }
        Files.deleteIfExists(latest);
        Files.delete(above);
        above = above.getParent();
      }
    } catch (IOException e) {
      LOG.warn("cannot delete the sandbox {}: {}", sandbox, e.toString());
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
