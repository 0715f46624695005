package io.perigee.net.http;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Content-Type read leniently. Mesos compares the raw text; see section 2 of its API rules.
 *
 * @param raw as sent
 * @param mediaType lower case without parameters, {@code application/json}
 * @param parameters names in lower case, values unquoted; malformed ones are left out
 */
public record ContentType(String raw, String mediaType, Map<String, String> parameters) {

  /** Null for null; any other text is read as far as it goes. */
  public static @Nullable ContentType parse(@Nullable String raw) {
    if (raw == null) {
      return null;
    }
    String[] parts = raw.split(";", -1);
    Map<String, String> parameters = new LinkedHashMap<>();
    for (int i = 1; i < parts.length; i++) {
      int equals = parts[i].indexOf('=');
      if (equals > 0) {
        String value = parts[i].substring(equals + 1).strip();
        if (value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"")) {
          value = value.substring(1, value.length() - 1);
        }
        parameters.putIfAbsent(
            parts[i].substring(0, equals).strip().toLowerCase(Locale.ROOT), value);
      }
    }
    return new ContentType(raw, parts[0].strip().toLowerCase(Locale.ROOT), Map.copyOf(parameters));
  }
}
