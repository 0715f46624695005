package io.perigee.common.time;

/** Tells the time in nanoseconds since the epoch, never going backwards. Safe for all threads. */
@FunctionalInterface
public interface Clock {

  /** Nanoseconds since 1970-01-01T00:00:00Z; at least what any earlier call returned. */
  long nowNanos();

  /**
   * The machine's clock: read from the wall once, counted by the monotonic clock from then on, so
   * that a step of the wall clock (a bad time server, an operator) neither fires nor delays a
   * time-out.
   */
  static Clock system() {
    long startWallNanos = System.currentTimeMillis() * 1_000_000L;
    long startMonotonicNanos = System.nanoTime();
    return () -> startWallNanos + (System.nanoTime() - startMonotonicNanos);
  }
}
