package io.perigee.model;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * A number with three decimals, as Mesos counts cpus, mem and disk. Source:
 * mesos/src/common/values.cpp, which rounds to a thousandth, half away from zero.
 *
 * @param thousandths the number times 1000; negative only between two steps of a calculation
 */
public record Scalar(long thousandths) implements Amount, AttributeValue {
  public static final Scalar ZERO = new Scalar(0);

  /** Largest magnitude that is read from the wire; sums of a million of them still fit. */
  static final double MOST = 1e12;

  /**
   * Rounds a number of the wire.
   *
   * @throws IllegalArgumentException if it is not finite or beyond 10^12
   */
  public static Scalar of(double value) {
    if (!(Math.abs(value) <= MOST)) {
      throw new IllegalArgumentException("not a number of at most 10^12: " + value);
    }
    return new Scalar(
        BigDecimal.valueOf(value).movePointRight(3).setScale(0, RoundingMode.HALF_UP).longValue());
  }

  public double value() {
    return thousandths / 1000.0;
  }

  @Override
  public Shape shape() {
    return Shape.SCALAR;
  }

  @Override
  public boolean isEmpty() {
    return thousandths == 0;
  }

  @Override
  public Scalar plus(Amount that) {
    return new Scalar(Math.addExact(thousandths, ((Scalar) that).thousandths));
  }

  @Override
  public Scalar minus(Amount that) {
    return new Scalar(Math.subtractExact(thousandths, ((Scalar) that).thousandths));
  }

  @Override
  public boolean contains(Amount that) {
    return thousandths >= ((Scalar) that).thousandths;
  }

  /** The shortest decimal form: {@code 4}, {@code 3.9}, {@code 0.001}. */
  @Override
  public String toString() {
    return thousandths % 1000 == 0
        ? Long.toString(thousandths / 1000)
        : BigDecimal.valueOf(thousandths, 3).stripTrailingZeros().toPlainString();
  }
}
