package io.perigee.cli.ask;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;

/** JSON for programs that read what a command prints. */
public final class Json {
  private static final JSON PRETTY = JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT);

  private Json() {}

  /** Maps, lists, texts and numbers on one line. */
  public static String text(Object value) {
    return write(JSON.std, value);
  }

  /** Indented. */
  public static String pretty(Object value) {
    return write(PRETTY, value);
  }

  private static String write(JSON json, Object value) {
    try {
      return json.asString(value);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // Not of maps, lists, texts and numbers.
    }
  }
}
