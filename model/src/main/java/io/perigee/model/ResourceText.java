package io.perigee.model;

import io.perigee.common.Checked;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The text forms of {@code --resources} and {@code --attributes}. Source:
 * mesos/src/common/values.cpp, resources.cpp (fromSimpleString), attributes.cpp, and the page
 * "Attributes and Resources".
 */
public final class ResourceText {
  private ResourceText() {}

  /**
   * Reads {@code name[(role)]:value} joined by {@code ;}, where a value is a number, {@code [1-5,
   * 9-9]} or {@code {a, b}}. Spaces mean nothing; empty amounts are dropped.
   *
   * @param defaultRole of resources that name none; {@code *} leaves them unreserved
   */
  public static Checked<Resources> parseResources(String text, String defaultRole) {
    List<Resource> resources = new ArrayList<>();
    for (String part : parts(text)) {
      int colon = part.indexOf(':');
      if (colon < 0) {
        return Checked.invalid(
            "'" + part + "' has no ':' (expected: name:value or name(role):value)");
      }
      String name = part.substring(0, colon);
      String role = defaultRole;
      if (name.endsWith(")") && name.indexOf('(') > 0) {
        role = name.substring(name.indexOf('(') + 1, name.length() - 1);
        name = name.substring(0, name.indexOf('('));
      }
      if (name.isEmpty() || name.contains("(") || name.contains(")")) {
        return Checked.invalid("'" + part + "' has no name before its ':' (expected: name:value)");
      }
      Optional<String> roleProblem = Roles.problem(role);
      if (roleProblem.isPresent()) {
        return Checked.invalid("'" + part + "': " + roleProblem.get());
      }
      switch (parseAmount(part.substring(colon + 1))) {
        case Checked.Invalid<Amount>(String problem) -> {
          return Checked.invalid("'" + part + "': " + problem);
        }
        case Checked.Valid<Amount>(Amount amount) -> {
          ResourceKey key = ResourceKey.of(name, amount.shape());
          resources.add(
              new Resource(
                  role.equals(Roles.ANY)
                      ? key
                      : key.withReservations(List.of(Reservation.fixed(role))),
                  amount));
        }
      }
    }
    return Checked.valid(Resources.of(resources));
  }

  /**
   * Reads {@code name:value} joined by {@code ;} or line ends. A value is a number, ranges, or else
   * text, which may contain colons; spaces around it mean nothing. Sets are refused, as by Mesos.
   */
  public static Checked<List<Attribute>> parseAttributes(String text) {
    List<Attribute> attributes = new ArrayList<>();
    for (String part : text.split("[;\n]")) {
      if (part.isBlank()) {
        continue;
      }
      int colon = part.indexOf(':');
      String name = colon < 0 ? "" : part.substring(0, colon).strip();
      String value = part.substring(colon + 1).strip();
      if (name.isEmpty() || value.isEmpty()) {
        return Checked.invalid("'" + part.strip() + "' is no attribute (expected: name:value)");
      }
      AttributeValue read = new AttributeValue.Text(value);
      if (startsAmount(value)) {
        switch (parseAmount(value.replace(" ", ""))) {
          case Checked.Invalid<Amount>(String problem) -> {
            if (value.startsWith("[") || value.startsWith("{")) {
              return Checked.invalid("'" + part.strip() + "': " + problem);
            }
            // Anything else that is no number, such as an address, is text.
          }
          case Checked.Valid<Amount>(Amount amount) -> {
            switch (amount) {
              case Scalar scalar -> read = scalar;
              case Ranges ranges -> read = ranges;
              case Items items -> {
                return Checked.invalid(
                    "'" + part.strip() + "' is a set (expected: a number, ranges or a text)");
              }
            }
          }
        }
      }
      attributes.add(new Attribute(name, read));
    }
    return Checked.valid(List.copyOf(attributes));
  }

  private static boolean startsAmount(String value) {
    char first = value.charAt(0);
    return first == '[' || first == '{' || first == '-' || (first >= '0' && first <= '9');
  }

  private static List<String> parts(String text) {
    List<String> parts = new ArrayList<>();
    for (String part : text.replaceAll("\\s", "").split(";")) {
      if (!part.isEmpty()) {
        parts.add(part);
      }
    }
    return parts;
  }

  private static Checked<Amount> parseAmount(String text) {
    if (text.startsWith("[") && text.endsWith("]")) {
      return parseRanges(text.substring(1, text.length() - 1));
    }
    if (text.startsWith("{") && text.endsWith("}")) {
      String inner = text.substring(1, text.length() - 1);
      List<String> names = inner.isEmpty() ? List.of() : List.of(inner.split(",", -1));
      return names.contains("")
          ? Checked.invalid("a set has an empty name (expected: {a, b})")
          : Checked.valid(Items.of(names));
    }
    try {
      double value = Double.parseDouble(text);
      boolean isDecimal = text.matches("[0-9.eE+-]+");
      if (isDecimal && value >= 0 && value <= Scalar.MOST) {
        return Checked.valid(Scalar.of(value));
      }
    } catch (NumberFormatException notANumber) {
      // Falls through to the one message for both.
    }
    return Checked.invalid(
        "'" + text + "' is no amount (expected: a number from 0 to 10^12, [1-5, 9-9] or {a, b})");
  }

  private static Checked<Amount> parseRanges(String text) {
    List<Ranges.Range> ranges = new ArrayList<>();
    for (String range : text.isEmpty() ? new String[0] : text.split(",", -1)) {
      int dash = range.indexOf('-');
      try {
        ranges.add(
            new Ranges.Range(
                Long.parseLong(range.substring(0, Math.max(dash, 0))),
                Long.parseLong(range.substring(dash + 1))));
      } catch (IllegalArgumentException malformed) {
        return Checked.invalid(
            "'" + range + "' is no range (expected: begin-end, such as 31000-32000)");
      }
    }
    return Checked.valid(Ranges.of(ranges));
  }
}
