package io.perigee.common.option;

import io.perigee.common.unit.DataSize;
import io.perigee.common.unit.Durations;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;

/**
 * How the text of an option becomes a value.
 *
 * @param word shown in place of the value in a help text: {@code DURATION}
 * @param parser throws IllegalArgumentException whose message says what was expected: {@code a
 *     whole number from 1 to 9}
 * @param printer the canonical text, as {@code /state} shows it under {@code flags}
 */
public record OptionType<T>(String word, Function<String, T> parser, Function<T, String> printer) {

  public static final OptionType<String> TEXT = new OptionType<>("TEXT", t -> t, t -> t);

  public static final OptionType<Boolean> BOOLEAN =
      new OptionType<>("true|false", OptionType::parseBoolean, String::valueOf);

  public static final OptionType<Duration> DURATION =
      new OptionType<>("DURATION", Durations::parse, Durations::print);

  public static final OptionType<DataSize> SIZE =
      new OptionType<>("SIZE", DataSize::parse, DataSize::toString);

  public static final OptionType<Path> PATH =
      new OptionType<>("PATH", OptionType::parsePath, Path::toString);

  /** A whole number within bounds, both included. */
  public static OptionType<Integer> integer(int least, int most) {
    return new OptionType<>(
        "NUMBER",
        text -> {
          try {
            int value = Integer.parseInt(text.strip());
            if (value >= least && value <= most) {
              return value;
            }
          } catch (NumberFormatException notANumber) {
            // Falls through to the one message for both.
          }
          throw new IllegalArgumentException("a whole number from " + least + " to " + most);
        },
        String::valueOf);
  }

  /** One of an enum's names, in lower case. */
  public static <E extends Enum<E>> OptionType<E> oneOf(Class<E> values) {
    String word =
        String.join(
            "|", Arrays.stream(values.getEnumConstants()).map(OptionType::lowerCase).toList());
    return new OptionType<>(
        word,
        text -> {
          for (E value : values.getEnumConstants()) {
            if (lowerCase(value).equals(text.strip())) {
              return value;
            }
          }
          throw new IllegalArgumentException("one of " + word.replace("|", ", "));
        },
        OptionType::lowerCase);
  }

  private static String lowerCase(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static boolean parseBoolean(String text) {
    return switch (text.strip()) {
      case "true", "1" -> true;
      case "false", "0" -> false;
      default -> throw new IllegalArgumentException("true or false");
    };
  }

  private static Path parsePath(String text) {
    try {
      if (!text.isBlank()) {
        return Path.of(text);
      }
    } catch (IllegalArgumentException invalid) {
      // Falls through to the one message for both.
    }
    throw new IllegalArgumentException("a path");
  }
}
