package io.perigee.common.option;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How a mapping of a configuration file is written as the text that a flag would have. Both forms
 * throw IllegalArgumentException whose message says what was expected.
 */
enum MappingText {
  /** {@code {cpus: 4, ports: [1-2]}} is {@code cpus:4;ports:[1-2]}. */
  PAIRS {
    @Override
    String of(Map<String, YamlValue> values) {
      List<String> pairs = new ArrayList<>();
      values.forEach((name, value) -> {
        String text =
            switch (value) {
              case YamlValue.Text(String one) -> one;
              case YamlValue.Items(List<String> several) -> "[" + String.join(",", several) + "]";
              case YamlValue.Empty _, YamlValue.Pairs _ -> throw noValue(name);
            };
        // Else a value could bring further pairs along.
        if (name.contains(":") || name.contains(";") || text.contains(";")) {
          throw new IllegalArgumentException(
              "names without : and ;, values without ; in the mapping, not " + name + ": " + text);
        }
        pairs.add(name + ":" + text);
      });
      return String.join(";", pairs);
    }
  },

  /** {@code {LANG: C}} is <code>{"LANG":"C"}</code>. */
  JSON {
    @Override
    String of(Map<String, YamlValue> values) {
      List<String> fields = new ArrayList<>();
      values.forEach((name, value) -> {
        if (!(value instanceof YamlValue.Text(String text))) {
          throw noValue(name);
        }
        fields.add(quoted(name) + ":" + quoted(text));
      });
      return "{" + String.join(",", fields) + "}";
    }
  };

  abstract String of(Map<String, YamlValue> values);

  private static IllegalArgumentException noValue(String name) {
    return new IllegalArgumentException("a text behind " + name + ": in the mapping");
  }

  private static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    text.chars()
        .forEach(c -> {
          if (c == '"' || c == '\\') {
            json.append('\\').append((char) c);
          } else if (c < ' ') {
            json.append(String.format("\\u%04x", c));
          } else {
            json.append((char) c);
          }
        });
    return json.append('"').toString();
  }
}
