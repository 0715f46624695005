package io.perigee.common.unit;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations in Mesos' text form: a number and one of {@code ns us ms secs mins hrs days weeks}.
 * Source: stout's duration.hpp as described by the flags' documentation.
 */
public final class Durations {
  private static final Pattern TEXT = Pattern.compile("(-?\\d+(?:\\.\\d+)?)\\s*([a-z]+)");

  /** Largest first: printing takes the largest unit that divides without a rest. */
  private enum Unit {
    weeks(7L * 24 * 3600 * 1_000_000_000L),
    days(24L * 3600 * 1_000_000_000L),
    hrs(3600L * 1_000_000_000L),
    mins(60L * 1_000_000_000L),
    secs(1_000_000_000L),
    ms(1_000_000L),
    us(1_000L),
    ns(1L);

    private final long nanos;

    Unit(long nanos) {
      this.nanos = nanos;
    }
  }

  private Durations() {}

  /**
   * Reads {@code 15secs}, {@code 2.5mins}, {@code 1weeks}.
   *
   * @throws IllegalArgumentException with a text that says what was expected, also when the value
   *     does not fit 64-bit nanoseconds (about 292 years)
   */
  public static Duration parse(String text) {
    Matcher matcher = TEXT.matcher(text.strip());
    if (matcher.matches()) {
      for (Unit unit : Unit.values()) {
        if (unit.name().equals(matcher.group(2))) {
          try {
            return Duration.ofNanos(
                new BigDecimal(matcher.group(1))
                    .multiply(BigDecimal.valueOf(unit.nanos))
                    .setScale(0, RoundingMode.HALF_UP)
                    .longValueExact());
          } catch (ArithmeticException tooLarge) {
            throw new IllegalArgumentException("a duration of at most 292 years", tooLarge);
          }
        }
      }
    }
    throw new IllegalArgumentException(
        "a number with one of ns, us, ms, secs, mins, hrs, days, weeks, such as 15secs");
  }

  /**
   * Writes with the largest unit that needs no fraction: {@code 15secs}, {@code 1500ms}, {@code
   * 0ns}.
   */
  public static String print(Duration duration) {
    long nanos = duration.toNanos();
    if (nanos == 0) {
      return "0ns";
    }
    for (Unit unit : Unit.values()) {
      if (nanos % unit.nanos == 0) {
        return nanos / unit.nanos + unit.name();
      }
    }
    throw new AssertionError("every number is divisible by one nanosecond");
  }
}
