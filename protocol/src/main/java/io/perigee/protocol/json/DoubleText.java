package io.perigee.protocol.json;

/**
 * Prints a finite double as RapidJSON does: the fewest digits that read back as the same number;
 * plain notation from 1e-6 up to below 1e21, always with a point ({@code 4.0}, {@code 0.000001});
 * outside of that an exponent without plus sign or leading zeros ({@code 1e21}, {@code 1.5e-7}).
 *
 * <p>RapidJSON's own digits (Grisu2) are not the fewest for about one double in a thousand; ours
 * are, and name the same number.
 */
final class DoubleText {
  /** Longest text: sign, 17 digits, point, and {@code e-324} or five zeros in front. */
  static final int MAX_LENGTH = 32;

  /** Doubles below this are less than a millionth apart, so six decimals identify each of them. */
  private static final double MICROS_LIMIT = 0x1p32;

  private static final int MICROS = 1_000_000;

  private DoubleText() {}

  /**
   * Writes the text from the start of a buffer.
   *
   * @param value neither infinite nor NaN
   * @param buffer at least {@link #MAX_LENGTH} long
   * @return the length of the text
   */
  static int write(double value, char[] buffer) {
    int at = 0;
    if (Double.doubleToRawLongBits(value) < 0) {
      buffer[at++] = '-';
    }
    double magnitude = Math.abs(value);
    double micros = Math.rint(magnitude * MICROS);
    if (magnitude < MICROS_LIMIT && micros / MICROS == magnitude) {
      return writeMicros((long) micros, buffer, at);
    }
    return writeShortest(Double.toString(magnitude), buffer, at);
  }

  /** Resources, seconds and time stamps: nearly all doubles there are. */
  private static int writeMicros(long micros, char[] buffer, int start) {
    int at = writeDigits(micros / MICROS, 1, buffer, start);
    buffer[at++] = '.';
    int fraction = (int) (micros % MICROS);
    int digits = 6;
    while (digits > 1 && fraction % 10 == 0) {
      fraction /= 10;
      digits--;
    }
    return writeDigits(fraction, digits, buffer, at);
  }

  /** At least {@code width} digits, zeros in front. */
  private static int writeDigits(long number, int width, char[] buffer, int start) {
    int end = start + width;
    for (long rest = number / pow10(width); rest > 0; rest /= 10) {
      end++;
    }
    long rest = number;
    for (int i = end - 1; i >= start; i--) {
      buffer[i] = (char) ('0' + rest % 10);
      rest /= 10;
    }
    return end;
  }

  private static long pow10(int exponent) {
    long power = 1;
    for (int i = 0; i < exponent; i++) {
      power *= 10;
    }
    return power;
  }

  /** Lays out Java's shortest digits anew: {@code 1.234E10} and {@code 123.4} are its two forms. */
  private static int writeShortest(String java, char[] buffer, int start) {
    int exponentAt = java.indexOf('E');
    int mantissaEnd = exponentAt < 0 ? java.length() : exponentAt;
    int pointAt = java.indexOf('.');
    String digits = java.substring(0, pointAt) + java.substring(pointAt + 1, mantissaEnd);
    int first = 0;
    while (first < digits.length() - 1 && digits.charAt(first) == '0') {
      first++;
    }
    int last = digits.length();
    while (last > first + 1 && digits.charAt(last - 1) == '0') {
      last--;
    }
    // The value is 0.DIGITS times ten to the power of point.
    int point =
        pointAt - first + (exponentAt < 0 ? 0 : Integer.parseInt(java.substring(exponentAt + 1)));
    return layOut(digits.substring(first, last), point, buffer, start);
  }

  private static int layOut(String digits, int point, char[] buffer, int start) {
    int length = digits.length();
    int at = start;
    if (point > 21 || point <= -6) {
      buffer[at++] = digits.charAt(0);
      if (length > 1) {
        buffer[at++] = '.';
        at = append(digits, 1, length, buffer, at);
      }
      buffer[at++] = 'e';
      return append(Integer.toString(point - 1), buffer, at);
    }
    if (point <= 0) {
      at = append("0.", buffer, at);
      at = append("00000", 0, -point, buffer, at);
      return append(digits, buffer, at);
    }
    at = append(digits, 0, Math.min(point, length), buffer, at);
    for (int i = length; i < point; i++) {
      buffer[at++] = '0';
    }
    buffer[at++] = '.';
    return point < length ? append(digits, point, length, buffer, at) : append("0", buffer, at);
  }

  private static int append(String text, char[] buffer, int at) {
    return append(text, 0, text.length(), buffer, at);
  }

  private static int append(String text, int from, int to, char[] buffer, int at) {
    text.getChars(from, to, buffer, at);
    return at + to - from;
  }
}
