package io.perigee.cli.show;

import io.perigee.cli.ask.Fields;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** Numbers and times as people read them. */
final class Cells {
  private static final double MEGABYTES_IN_A_GIGABYTE = 1024;

  private Cells() {}

  /** {@code 0.5}, {@code 4}: at most three decimals. */
  static String number(double value) {
    return BigDecimal.valueOf(value)
        .setScale(3, RoundingMode.HALF_UP)
        .stripTrailingZeros()
        .toPlainString();
  }

  /** {@code 512M}, {@code 7.5G}. */
  static String megabytes(double value) {
    return value < MEGABYTES_IN_A_GIGABYTE
        ? number(value) + "M"
        : String.format(Locale.ROOT, "%.1fG", value / MEGABYTES_IN_A_GIGABYTE);
  }

  /** {@code 0.5/4}: used and all. */
  static String cpus(Fields used, Fields all) {
    return number(used.number("cpus")) + "/" + number(all.number("cpus"));
  }

  /** {@code 64M/7.5G}: used and all. */
  static String megabytes(String name, Fields used, Fields all) {
    return megabytes(used.number(name)) + "/" + megabytes(all.number(name));
  }

  /**
   * {@code 45s}, {@code 3m12s}, {@code 5h2m}, {@code 12d4h}.
   *
   * @param sinceSeconds since the epoch; 0 gives an empty text
   */
  static String age(double sinceSeconds, Instant now) {
    if (sinceSeconds <= 0) {
      return "";
    }
    long millis = Math.max(0, now.toEpochMilli() - (long) (sinceSeconds * 1000));
    Duration age = Duration.ofMillis(millis);
    if (age.toMinutes() == 0) {
      return age.toSeconds() + "s";
    }
    if (age.toHours() == 0) {
      return age.toMinutes() + "m" + age.toSecondsPart() + "s";
    }
    return age.toDays() == 0
        ? age.toHours() + "h" + age.toMinutesPart() + "m"
        : age.toDays() + "d" + age.toHoursPart() + "h";
  }
}
