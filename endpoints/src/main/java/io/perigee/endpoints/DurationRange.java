package io.perigee.endpoints;

import io.perigee.common.option.OptionType;
import io.perigee.common.unit.Durations;
import java.time.Duration;

/** Options that are durations within bounds: timers are made of them, and sums. */
public final class DurationRange {
  private DurationRange() {}

  /** A duration from {@code least} to {@code most}, both included. */
  public static OptionType<Duration> of(Duration least, Duration most) {
    return new OptionType<>(
        OptionType.DURATION.word(),
        text -> {
          Duration value = Durations.parse(text);
          if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                "from " + Durations.print(least) + " to " + Durations.print(most));
          }
          return value;
        },
        Durations::print);
  }
}
