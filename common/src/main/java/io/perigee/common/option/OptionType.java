package io.perigee.common.option;

import io.perigee.common.unit.DataSize;
import io.perigee.common.unit.Durations;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How the text of an option becomes a value.
 *
 * @param word shown in place of the value in a help text: {@code DURATION}
 * @param parser throws IllegalArgumentException whose message says what was expected: {@code a
 *     whole number from 1 to 9}
 * @param printer the canonical text, as {@code /state} shows it under {@code flags}
 * @param mapping how a mapping of a configuration file becomes the text; null if it must be a text
 *     there too
 */
public record OptionType<T>(
    String word,
    Function<String, T> parser,
    Function<T, String> printer,
    @Nullable MappingText mapping) {

  public static final OptionType<String> TEXT = new OptionType<>("TEXT", t -> t, t -> t);

  /** {@code name:value} joined by {@code ;}, in a file also a mapping. */
  public static final OptionType<String> PAIRS =
      new OptionType<>("TEXT", t -> t, t -> t, MappingText.PAIRS);

  /** An object of texts in JSON, in a file also a mapping. */
  public static final OptionType<String> JSON_TEXTS =
      new OptionType<>("JSON", t -> t, t -> t, MappingText.JSON);

  public static final OptionType<Boolean> BOOLEAN =
      new OptionType<>("true|false", OptionType::parseBoolean, String::valueOf);

  public static final OptionType<Duration> DURATION =
      new OptionType<>("DURATION", Durations::parse, Durations::print);

  public static final OptionType<DataSize> SIZE =
      new OptionType<>("SIZE", DataSize::parse, DataSize::toString);

  public static final OptionType<Path> PATH =
      new OptionType<>("PATH", OptionType::parsePath, Path::toString);

  /** In a file a text too. */
  public OptionType(String word, Function<String, T> parser, Function<T, String> printer) {
    this(word, parser, printer, null);
  }

  /** Whether a file may have a mapping in place of the text. */
  public boolean takesMapping() {
    return mapping != null;
  }

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

  /** With all of YAML's spellings: templates in Python write the second. */
  private static boolean parseBoolean(String text) {
    return switch (text.strip()) {
      case "true", "True", "TRUE", "1" -> true;
      case "false", "False", "FALSE", "0" -> false;
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
