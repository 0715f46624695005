package io.perigee.common.option;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the options of one program are set to. Immutable. */
public final class OptionValues {
  private final OptionTable table;
  private final Map<Option<?>, OptionReadings.Reading> given;

  OptionValues(OptionTable table, Map<Option<?>, OptionReadings.Reading> given) {
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
  @SuppressWarnings("unchecked") // OptionReadings.put keeps the types of key and value together.
  public <T> @Nullable T find(Option<T> option) {
    OptionReadings.Reading reading = given.get(option);
    return reading == null ? option.defaultValue() : (T) reading.value();
  }

  /** True if a flag, the environment or a file set it, even to its default. */
  public boolean isGiven(Option<?> option) {
    return given.containsKey(option);
  }

  /** Where the value comes from. */
  public OptionOrigin origin(Option<?> option) {
    OptionReadings.Reading reading = given.get(option);
    return reading == null ? OptionOrigin.DEFAULT : reading.origin();
  }

  /**
   * How a message begins that is about an option's value: where it was set and under which name, so
   * that its reader finds it. {@code --port}, {@code PERIGEE_PORT} or {@code
   * /etc/perigee/master.yml:3: port}.
   */
  public String named(Option<?> option) {
    return origin(option).named(option);
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

  /** The value as text, as a flag would have it; null if it has none. */
  public <T> @Nullable String text(Option<T> option) {
    T value = find(option);
    return value == null ? null : option.type().printer().apply(value);
  }
}
