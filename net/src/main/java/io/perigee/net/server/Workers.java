package io.perigee.net.server;

import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Runs handlers on virtual threads: a bounded number at once, a bounded number waiting in line.
 * Safe for all threads.
 */
final class Workers {
  private final int permits;
  private final int longestLine;
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<Runnable> line = new ArrayDeque<>();
  private int running;

  Workers(int permits, int longestLine) {
    this.permits = permits;
    this.longestLine = longestLine;
  }

  /**
   * Runs the task now or later.
   *
   * @param task does not throw
   * @return false if the line is full; the task will not run
   */
  boolean submit(Runnable task) {
    lock.lock();
    try {
      if (running == permits) {
        if (line.size() == longestLine) {
          return false;
        }
        line.add(task);
        return true;
      }
      running++;
    } finally {
      lock.unlock();
    }
    Thread.ofVirtual().name("net-worker").start(() -> work(task));
    return true;
  }

  private void work(Runnable first) {
    for (Runnable task = first; task != null; task = next()) {
      task.run();
    }
  }

  private @Nullable Runnable next() {
    lock.lock();
    try {
      Runnable task = line.poll();
      if (task == null) {
        running--;
      }
      return task;
    } finally {
      lock.unlock();
    }
  }
}
