package io.perigee.common.option;

import io.perigee.common.NearestName;
import io.perigee.common.Problems;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Options as they are read from one or several places; of two values of one the later counts. */
final class OptionReadings {
  private final Problems problems;
  private final Map<Option<?>, Reading> readings = new LinkedHashMap<>();

  /** A value and where it was set. */
  record Reading(Object value, OptionOrigin origin) {}

  /**
   * @param problems receives what is wrong
   */
  OptionReadings(Problems problems) {
    this.problems = problems;
  }

  Map<Option<?>, Reading> all() {
    return readings;
  }

  /** Adds a value if it is one. */
  <T> void put(Option<T> option, String text, OptionOrigin origin) {
    try {
      T value = Objects.requireNonNull(option.type().parser().apply(text), "a parser's answer");
      readings.put(option, new Reading(value, origin));
    } catch (IllegalArgumentException malformed) {
      problems.add(
          origin.named(option)
              + ": '"
              + text
              + "' is not valid (expected: "
              + malformed.getMessage()
              + ")");
    }
  }

  /** Adds what a file sets. */
  void readFile(OptionTable table, Path file) {
    Map<Option<?>, String> places = new LinkedHashMap<>();
    YamlMapping.read(file, entry -> readEntry(table, entry, places), problems);
  }

  private void readEntry(
      OptionTable table, YamlMapping.Entry entry, Map<Option<?>, String> places) {
    Option<?> option = table.find(entry.key());
    if (option == null || option.equals(OptionTable.CONFIG)) {
      problems.add(entry.place() + ": " + unknown(table, entry.key()));
      return;
    }
    String first = places.putIfAbsent(option, entry.place());
    if (first != null) {
      problems.add(entry.place() + ": " + option.key() + " is there twice, first at " + first);
      return;
    }
    read(option, entry);
  }

  private void read(Option<?> option, YamlMapping.Entry entry) {
    OptionOrigin origin = OptionOrigin.file(entry.place());
    String name = origin.named(option);
    MappingText mapping = option.type().mapping();
    switch (entry.value()) {
      case YamlValue.Text(String text) -> put(option, text, origin);
      case YamlValue.Empty _ ->
          problems.add(
              name
                  + ": has no value (expected: "
                  + option.type().word()
                  + "; without the line its default holds)");
      case YamlValue.Items _ ->
          problems.add(
              name
                  + ": is a list (expected: "
                  + option.type().word()
                  + "; a text that begins with [ needs quotes)");
      case YamlValue.Pairs(Map<String, YamlValue> values) -> {
        if (mapping == null) {
          problems.add(name + ": is a mapping (expected: " + option.type().word() + ")");
          return;
        }
        try {
          put(option, mapping.of(values), origin);
        } catch (IllegalArgumentException unfit) {
          problems.add(name + ": is not valid (expected: " + unfit.getMessage() + ")");
        }
      }
    }
  }

  private static String unknown(OptionTable table, String key) {
    List<String> keys =
        table.options().stream()
            .filter(option -> !option.equals(OptionTable.CONFIG))
            .<String>map(Option::key)
            .toList();
    return "unknown option '"
        + key
        + "'"
        + NearestName.among(keys, key.replace('_', '-'))
            .map(nearest -> " (did you mean '" + nearest + "'?)")
            .orElse("");
  }
}
