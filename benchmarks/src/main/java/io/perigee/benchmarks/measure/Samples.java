package io.perigee.benchmarks.measure;

import java.util.Arrays;

/** Durations in nanoseconds, all of them kept. Safe for all threads. */
public final class Samples {
  private long[] nanos = new long[1024];
  private int count;

  public synchronized void add(long durationNanos) {
    if (count == nanos.length) {
      nanos = Arrays.copyOf(nanos, 2 * count);
    }
    nanos[count++] = durationNanos;
  }

  public synchronized int count() {
    return count;
  }

  /** What has been gathered, in milliseconds; zeros if that is nothing. */
  public synchronized Spread millis() {
    long[] sorted = Arrays.copyOf(nanos, count);
    Arrays.sort(sorted);
    return new Spread(
        count, rank(sorted, 0.5) / 1e6, rank(sorted, 0.95) / 1e6, rank(sorted, 0.99) / 1e6);
  }

  /** Nearest rank: always a value that was seen. */
  private static long rank(long[] sorted, double part) {
    return sorted.length == 0 ? 0 : sorted[(int) Math.ceil(part * sorted.length) - 1];
  }
}
