package io.perigee.benchmarks.measure;

import org.jspecify.annotations.Nullable;

/**
 * One thing that was measured.
 *
 * @param value in {@code unit}; the median if there is a spread
 * @param spread null for what is counted once
 * @param target such as {@code <= 10 ms}; empty without one
 * @param yardstick what else was measured in the same run, to compare machines and moments by; null
 *     for a figure that is itself one
 */
public record Figure(
    String name,
    String unit,
    double value,
    @Nullable Spread spread,
    String target,
    @Nullable Yardstick yardstick) {

  /** What a figure is held against. */
  public record Yardstick(String name, String unit, double value) {}

  /** A figure in milliseconds. */
  public static Figure millis(String name, Samples samples) {
    Spread spread = samples.millis();
    return new Figure(name, "ms", spread.p50(), spread, "", null);
  }

  /** A figure that is one number. */
  public static Figure of(String name, String unit, double value) {
    return new Figure(name, unit, value, null, "", null);
  }

  public Figure target(String text) {
    return new Figure(name, unit, value, spread, text, yardstick);
  }

  public Figure beside(Figure other) {
    return new Figure(
        name, unit, value, spread, target, new Yardstick(other.name, other.unit, other.value));
  }
}
