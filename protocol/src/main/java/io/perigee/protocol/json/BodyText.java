package io.perigee.protocol.json;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What is said about a body that is no JSON, in the words of picojson and stout. */
final class BodyText {
  /** Bytes of the body that an error shows at most; Mesos shows the whole line. */
  private static final int MAX_SHOWN = 200;

  private BodyText() {}

  /**
   * Line and rest of the line where the syntax broke.
   *
   * @param offset of the first byte that does not belong; the length if it ended too early
   */
  static String syntaxError(byte[] body, int offset) {
    int line = 1;
    for (int i = 0; i < offset; i++) {
      if (body[i] == '\n') {
        line++;
      }
    }
    int end = offset;
    while (end < body.length && body[end] != '\n' && end - offset < MAX_SHOWN) {
      end++;
    }
    String rest = new String(body, offset, end - offset, StandardCharsets.UTF_8);
    return "syntax error at line " + line + " near: " + rest.replaceAll("\\p{Cntrl}", "");
  }

  /** Null if only white space follows the end of the document. */
  static @Nullable String trailing(byte[] body, int end) {
    for (int i = end; i < body.length; i++) {
      if (!isSpace(body[i])) {
        return "Parsed JSON included non-whitespace trailing characters: "
            + new String(body, i, Math.min(body.length - i, MAX_SHOWN), StandardCharsets.UTF_8);
      }
    }
    return null;
  }

  private static boolean isSpace(byte character) {
    return character == ' ' || character == '\t' || character == '\n' || character == '\r';
  }

  /** True if the text is no sequence of characters, so that no UTF-8 can hold it. */
  static boolean hasHalfSurrogatePair(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean pair =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!pair) {
          return true;
        }
        i++;
      }
    }
    return false;
  }
}
