package io.perigee.net.http;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Header fields in the order of the wire; names compare without regard to case. Immutable. */
public final class Headers implements Iterable<Headers.Field> {
  public static final Headers EMPTY = new Headers(List.of());

  private final List<Field> fields;

  /**
   * One field.
   *
   * @param name a token of RFC 9110
   * @param value without CR, LF and NUL, each character at most 0xFF: nobody can smuggle a second
   *     header in through a value
   */
  public record Field(String name, String value) {
    public Field {
      if (name.isEmpty() || !name.chars().allMatch(Headers::isTokenCharacter)) {
        throw new IllegalArgumentException("a header's name is a token, not '" + name + "'");
      }
      for (int i = 0; i < value.length(); i++) {
        char c = value.charAt(i);
        if (c == '\r' || c == '\n' || c == 0 || c > 0xFF) {
          throw new IllegalArgumentException(
              "header " + name + " has a character that a header cannot carry, at " + i);
        }
      }
    }
  }

  public Headers(List<Field> fields) {
    this.fields = List.copyOf(fields);
  }

  /** Names and values in turn. */
  public static Headers of(String... namesAndValues) {
    List<Field> fields = new ArrayList<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      fields.add(new Field(namesAndValues[i], namesAndValues[i + 1]));
    }
    return new Headers(fields);
  }

  /** These and one more field at the end. */
  public Headers with(String name, String value) {
    List<Field> more = new ArrayList<>(fields);
    more.add(new Field(name, value));
    return new Headers(more);
  }

  /** The first value, null if there is none. */
  public @Nullable String get(String name) {
    for (Field field : fields) {
      if (field.name.equalsIgnoreCase(name)) {
        return field.value;
      }
    }
    return null;
  }

  /** Every value, in order. */
  public List<String> all(String name) {
    return fields.stream()
        .filter(field -> field.name.equalsIgnoreCase(name))
        .map(Field::value)
        .toList();
  }

  /** All values as the one comma-separated list they stand for; null if there is none. */
  public @Nullable String list(String name) {
    List<String> values = all(name);
    return values.isEmpty() ? null : String.join(",", values);
  }

  /** True if a comma-separated header such as Connection names the token, in any case. */
  public boolean lists(String name, String token) {
    String values = list(name);
    if (values == null) {
      return false;
    }
    for (String value : values.split(",", -1)) {
      if (value.strip().toLowerCase(Locale.ROOT).equals(token)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public Iterator<Field> iterator() {
    return fields.iterator();
  }

  /** The names alone: values may be secrets. */
  @Override
  public String toString() {
    return fields.stream().map(Field::name).collect(Collectors.joining(", ", "[", "]"));
  }

  private static boolean isTokenCharacter(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
  }
}
