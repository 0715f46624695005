package io.perigee.common.unit;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes, in Mesos' text form: a number and one of {@code B KB MB GB TB}, where a KB is
 * 1024 bytes. Source: stout's bytes.hpp as described by the flags' documentation.
 *
 * @param bytes at least 0
 */
public record DataSize(long bytes) {
  private static final Pattern TEXT = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*(B|KB|MB|GB|TB)");
  private static final String[] UNITS = {"B", "KB", "MB", "GB", "TB"};

  public DataSize {
    if (bytes < 0) {
      throw new IllegalArgumentException("a size is at least 0 bytes, not " + bytes);
    }
  }

  /**
   * Reads {@code 2GB}, {@code 1.5MB}.
   *
   * @throws IllegalArgumentException with a text that says what was expected
   */
  public static DataSize parse(String text) {
    Matcher matcher = TEXT.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException("a number with one of B, KB, MB, GB, TB, such as 2GB");
    }
    int exponent = 0;
    while (!UNITS[exponent].equals(matcher.group(2))) {
      exponent++;
    }
    try {
      return new DataSize(
          new BigDecimal(matcher.group(1))
              .multiply(BigDecimal.valueOf(1L << (10 * exponent)))
              .setScale(0, RoundingMode.HALF_UP)
              .longValueExact());
    } catch (ArithmeticException tooLarge) {
      throw new IllegalArgumentException("a size of at most 8 million TB", tooLarge);
    }
  }

  /** Writes with the largest unit that needs no fraction: {@code 2GB}, {@code 1536KB}. */
  @Override
  public String toString() {
    int exponent = UNITS.length - 1;
    while (exponent > 0 && (bytes == 0 || bytes % (1L << (10 * exponent)) != 0)) {
      exponent--;
    }
    return (bytes >> (10 * exponent)) + UNITS[exponent];
  }
}
