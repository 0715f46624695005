package io.perigee.net.wire;

import java.time.Duration;

/** Checks of limits, whose names stand in the message. */
public final class Positive {
  private Positive() {}

  /**
   * @throws IllegalArgumentException if the value is below 1
   */
  public static void check(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " is at least 1, not " + value);
    }
  }

  /**
   * @throws IllegalArgumentException if the time is not above 0, or above 20 days: some timers
   *     count milliseconds in 31 bits
   */
  public static void check(String name, Duration time) {
    if (!time.isPositive() || time.compareTo(Duration.ofDays(20)) > 0) {
      throw new IllegalArgumentException(name + " is above 0 and at most 20 days, not " + time);
    }
  }
}
