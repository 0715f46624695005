package io.perigee.common.option;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the options of one program are set to. Immutable. */
public final class OptionValues {
  private final OptionTable table;
  private final Map<Option<?>, Object> given;

  OptionValues(OptionTable table, Map<Option<?>, Object> given) {
    this.table = table;
    this.given = new LinkedHashMap<>(given);
  }

  /**
   * The value of an option that has a default.
   *
   * @throws IllegalStateException if it has none and was not given: use {@link #find}
   */
  public <T> T get(Option<T> option) {
    T value = find(option);
    if (value == null) {
      throw new IllegalStateException("option " + option.name() + " has no value");
    }
    return value;
  }

  /** The value given, else the default, else null. */
  @SuppressWarnings("unchecked") // OptionTable.put keeps the types of key and value together.
  public <T> @Nullable T find(Option<T> option) {
    Object value = given.get(option);
    return value == null ? option.defaultValue() : (T) value;
  }

  /** True if flag or environment set it, even to its default. */
  public boolean isGiven(Option<?> option) {
    return given.containsKey(option);
  }

  /** Every option that has a value, as text, sorted by name: what {@code /flags} shows. */
  public Map<String, String> texts() {
    Map<String, String> texts = new TreeMap<>();
    for (Option<?> option : table.options()) {
      String text = text(option);
      if (text != null) {
        texts.put(option.name(), text);
      }
    }
    return texts;
  }

  private <T> @Nullable String text(Option<T> option) {
    T value = find(option);
    return value == null ? null : option.type().printer().apply(value);
  }
}
