package io.perigee.common;

import java.util.function.Function;

/** A value that passed its checks, or the reason why it did not. */
public sealed interface Checked<T> {

  record Valid<T>(T value) implements Checked<T> {}

  /**
   * @param problem for the person who sent the input: names the thing, its value and what was
   *     expected
   */
  record Invalid<T>(String problem) implements Checked<T> {}

  static <T> Checked<T> valid(T value) {
    return new Valid<>(value);
  }

  static <T> Checked<T> invalid(String problem) {
    return new Invalid<>(problem);
  }

  /** The checks of {@code next} as well, on the value of this one. */
  default <U> Checked<U> then(Function<T, Checked<U>> next) {
    return switch (this) {
      case Valid<T>(T value) -> next.apply(value);
      case Invalid<T>(String problem) -> invalid(problem);
    };
  }

  /**
   * The value of an input that is known to be right, such as a constant.
   *
   * @throws IllegalArgumentException with the problem if it is not
   */
  default T orElseThrow() {
    return switch (this) {
      case Valid<T>(T value) -> value;
      case Invalid<T>(String problem) -> throw new IllegalArgumentException(problem);
    };
  }
}
