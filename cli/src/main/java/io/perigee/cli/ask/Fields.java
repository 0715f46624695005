package io.perigee.cli.ask;

import java.util.List;
import java.util.Map;

/**
 * An object of a JSON answer. What is missing reads as empty or zero: daemons of other versions
 * leave fields out.
 */
public record Fields(Map<String, Object> values) {

  /** Empty for anything but an object. */
  @SuppressWarnings("unchecked") // The keys of JSON's objects are texts.
  public static Fields of(Object json) {
    return new Fields(json instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of());
  }

  public String text(String name) {
    Object value = values.get(name);
    return value == null ? "" : value.toString();
  }

  public double number(String name) {
    return values.get(name) instanceof Number number ? number.doubleValue() : 0;
  }

  public boolean isTrue(String name) {
    return Boolean.TRUE.equals(values.get(name));
  }

  public Fields object(String name) {
    return of(values.getOrDefault(name, Map.of()));
  }

  /** The objects of an array. */
  public List<Fields> objects(String name) {
    return values.get(name) instanceof List<?> list
        ? list.stream().map(Fields::of).toList()
        : List.of();
  }

  /** The texts of an array. */
  public List<String> texts(String name) {
    return values.get(name) instanceof List<?> list
        ? list.stream().map(String::valueOf).toList()
        : List.of();
  }
}
