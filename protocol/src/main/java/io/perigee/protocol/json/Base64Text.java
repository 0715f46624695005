package io.perigee.protocol.json;

import com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Decodes base64 as leniently as stout's {@code base64.hpp}: white space anywhere is skipped, the
 * first {@code =} ends the text, padding may be missing.
 */
final class Base64Text {
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

  private static final byte INVALID = -1;
  private static final byte SKIPPED = -2;
  private static final byte END = -3;

  /** What each ASCII character stands for: its six bits or one of the above. */
  private static final byte[] MEANINGS = meanings();

  private Base64Text() {}

  /** Null if there is a character that does not belong. */
  static @Nullable ByteString decode(String text) {
    byte[] bytes = new byte[text.length() / 4 * 3 + 3];
    int length = 0;
    int bits = 0;
    int count = 0;
    for (int i = 0; i < text.length(); i++) {
      byte meaning = meaning(text.charAt(i));
      if (meaning == END) {
        break;
      }
      if (meaning == INVALID) {
        return null;
      }
      if (meaning != SKIPPED) {
        bits = bits << 6 | meaning;
        if (++count % 4 != 1) {
          // The second, third and fourth of four complete a byte, with 4, 2 and 0 bits to spare.
          bytes[length++] = (byte) (bits >> (8 - 2 * (count % 4)) % 8);
        }
      }
    }
    return ByteString.copyFrom(bytes, 0, length);
  }

  /** The character for which {@link #decode} gave up. */
  static char firstInvalid(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (meaning(text.charAt(i)) == INVALID) {
        return text.charAt(i);
      }
    }
    throw new IllegalArgumentException("all characters are valid");
  }

  private static byte meaning(char c) {
    return c < MEANINGS.length ? MEANINGS[c] : INVALID;
  }

  private static byte[] meanings() {
    byte[] meanings = new byte[128];
    for (char c = 0; c < meanings.length; c++) {
      meanings[c] =
          switch (c) {
            case ' ', '\t', '\n', 0x0b, '\f', '\r' -> SKIPPED;
            case '=' -> END;
            default -> (byte) ALPHABET.indexOf(c);
          };
    }
    return meanings;
  }
}
