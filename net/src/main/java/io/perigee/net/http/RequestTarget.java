package io.perigee.net.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a request line asks for.
 *
 * @param raw as sent
 * @param path decoded, begins with a slash
 * @param query decoded parameters in the order of their first appearance; a parameter without a
 *     value has the empty text
 */
public record RequestTarget(String raw, String path, Map<String, List<String>> query) {

  /**
   * Reads {@code /path?query} or {@code http://host/path?query}. Percent escapes must be complete
   * and be UTF-8; {@code +} is a space in the query. Null if that fails, if there is a bare control
   * character, or if anything decodes to NUL, which no file name and no id can hold.
   */
  public static @Nullable RequestTarget parse(String raw) {
    String rest = raw;
    if (raw.startsWith("http://") || raw.startsWith("https://")) {
      int slash = raw.indexOf('/', raw.indexOf("//") + 2);
      rest = slash < 0 ? "/" : raw.substring(slash);
    }
    int mark = rest.indexOf('?');
    String path = decode(mark < 0 ? rest : rest.substring(0, mark), false);
    if (path == null || !path.startsWith("/")) {
      return null;
    }
    Map<String, List<String>> query = new LinkedHashMap<>();
    if (mark >= 0) {
      for (String pair : rest.substring(mark + 1).split("&", -1)) {
        if (pair.isEmpty()) {
          continue;
        }
        int equals = pair.indexOf('=');
        String name = decode(equals < 0 ? pair : pair.substring(0, equals), true);
        String value = equals < 0 ? "" : decode(pair.substring(equals + 1), true);
        if (name == null || value == null) {
          return null;
        }
        query.computeIfAbsent(name, absent -> new ArrayList<>()).add(value);
      }
    }
    query.replaceAll((name, values) -> List.copyOf(values));
    return new RequestTarget(raw, path, Collections.unmodifiableMap(query));
  }

  private static @Nullable String decode(String text, boolean plusIsSpace) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      int c = text.charAt(i);
      if (c < ' ' || c == 0x7F) {
        return null;
      }
      if (c == '%') {
        int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
        int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
        if (high < 0 || low < 0) {
          return null;
        }
        c = high << 4 | low;
        i += 2;
      } else if (c == '+' && plusIsSpace) {
        c = ' ';
      }
      if (c == 0) {
        return null;
      }
      bytes.write(c);
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException notUtf8) {
      return null;
    }
  }
}
