package io.perigee.testkit;

import java.time.Duration;
import java.util.PriorityQueue;

/**
 * Time that passes only from one planned action to the next. Actions of one instant happen in the
 * order in which they were planned.
 */
public final class VirtualTime {
  private final PriorityQueue<Planned> plan = new PriorityQueue<>();
  private long nowNanos;
  private long sequence;

  private record Planned(long nanos, long sequence, Runnable action)
      implements Comparable<Planned> {
    @Override
    public int compareTo(Planned that) {
      return nanos == that.nanos
          ? Long.compare(sequence, that.sequence)
          : Long.compare(nanos, that.nanos);
    }
  }

  /**
   * @param startNanos nanoseconds since the epoch
   */
  public VirtualTime(long startNanos) {
    this.nowNanos = startNanos;
  }

  public long nowNanos() {
    return nowNanos;
  }

  /** Plans an action for an instant; one in the past happens next. */
  public void at(long nanos, Runnable action) {
    plan.add(new Planned(Math.max(nanos, nowNanos), sequence++, action));
  }

  public void after(Duration delay, Runnable action) {
    at(nowNanos + delay.toNanos(), action);
  }

  public void afterNanos(long delayNanos, Runnable action) {
    at(nowNanos + delayNanos, action);
  }

  /** Does everything planned up to an instant, also what is planned meanwhile. */
  public void runUntil(long endNanos) {
    for (Planned next = plan.peek(); next != null && next.nanos() <= endNanos; next = plan.peek()) {
      plan.remove();
      nowNanos = next.nanos();
      next.action().run();
    }
    nowNanos = Math.max(nowNanos, endNanos);
  }
}
