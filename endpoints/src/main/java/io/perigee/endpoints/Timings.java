package io.perigee.endpoints;

import java.util.Arrays;
import java.util.Map;

/**
 * How long something took, as a timer among the metrics: {@code NAME_ms} is the last time, and
 * {@code NAME_ms/p99} and others are of the last {@value #MOST}. Safe for all threads. Source:
 * libprocess' metrics/timer.hpp and statistics.hpp.
 */
public final class Timings {
  private static final int MOST = 1000;

  private final String name;
  private final double[] millis = new double[MOST];
  private long count;

  /**
   * @param name without its unit: {@code allocator/mesos/allocation_run}
   */
  public Timings(String name) {
    this.name = name + "_ms";
  }

  public synchronized void add(long nanos) {
    millis[(int) (count++ % MOST)] = nanos / 1e6;
  }

  /** Adds what is known: nothing before the first time, as Mesos does. */
  public void addTo(Map<String, Double> values) {
    double last;
    double[] sorted;
    synchronized (this) {
      if (count == 0) {
        return;
      }
      last = millis[(int) ((count - 1) % MOST)];
      sorted = Arrays.copyOf(millis, (int) Math.min(count, MOST));
    }
    Arrays.sort(sorted);
    values.put(name, last);
    values.put(name + "/count", (double) sorted.length);
    values.put(name + "/min", sorted[0]);
    values.put(name + "/max", sorted[sorted.length - 1]);
    values.put(name + "/p50", rank(sorted, 0.5));
    values.put(name + "/p90", rank(sorted, 0.9));
    values.put(name + "/p95", rank(sorted, 0.95));
    values.put(name + "/p99", rank(sorted, 0.99));
    values.put(name + "/p999", rank(sorted, 0.999));
    values.put(name + "/p9999", rank(sorted, 0.9999));
  }

  /** Between the two nearest, as there. */
  private static double rank(double[] sorted, double part) {
    double position = part * (sorted.length - 1);
    int below = (int) position;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }
}
