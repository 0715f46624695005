package io.perigee.common.option;

import java.util.List;
import java.util.Map;

/** What stands behind a key of a configuration file. */
sealed interface YamlValue {

  /** A text, number or boolean, as it is written. */
  record Text(String text) implements YamlValue {}

  /** Nothing, {@code ~} or {@code null}. */
  record Empty() implements YamlValue {}

  /** A list of texts. */
  record Items(List<String> texts) implements YamlValue {}

  /**
   * A mapping.
   *
   * @param values in the order of the file; {@link Text} or {@link Items} each
   */
  record Pairs(Map<String, YamlValue> values) implements YamlValue {}
}
