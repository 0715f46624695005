package io.perigee.benchmarks.tasks;

import io.perigee.benchmarks.Broken;
import io.perigee.benchmarks.measure.Samples;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The yardstick of tasks: a process started and waited for with nothing around it. */
final class Spawn {
  private Spawn() {}

  /** Starts {@code /bin/sh -c} with a command and waits for its end. */
  static void once(String shell) throws IOException, InterruptedException {
    int exit = new ProcessBuilder("/bin/sh", "-c", shell).start().waitFor();
    if (exit != 0) {
      throw new Broken("'" + shell + "' ended with " + exit);
    }
  }

  /** As {@link #once}, timed. */
  static void once(String shell, Samples samples) throws IOException, InterruptedException {
    long start = System.nanoTime();
    once(shell);
    samples.add(System.nanoTime() - start);
  }

  /** Processes a second with this many threads in a loop of {@link #once}. */
  static double rate(String shell, int processes, int threads)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    try (ExecutorService workers = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> loops = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        Callable<Void> loop =
            () -> {
              for (int n = 0; n < processes / threads; n++) {
                once(shell);
              }
              return null;
            };
        loops.add(workers.submit(loop));
      }
      for (Future<?> loop : loops) {
        loop.get();
      }
    } catch (ExecutionException e) {
      throw new Broken(String.valueOf(e.getCause()));
    }
    return processes / threads * threads * 1e9 / (System.nanoTime() - start);
  }
}
