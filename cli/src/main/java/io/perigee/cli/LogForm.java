package io.perigee.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** How log lines look: {@code logback.xml} has a pattern for each. */
enum LogForm {
  /** With time and level. */
  PLAIN("plain"),
  /** Without time, and with the level as the journal reads it: {@code <6>}. */
  JOURNAL("journal");

  private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

  private final String pattern;

  LogForm(String pattern) {
    this.pattern = pattern;
  }

  /** Name of the variable in {@code logback.xml}. */
  String pattern() {
    return pattern;
  }

  /**
   * The journal's if standard error goes there.
   *
   * @param journalStream the variable JOURNAL_STREAM, {@code device:inode}, which systemd sets and
   *     children inherit, also those whose output goes elsewhere; null: not set. Source:
   *     systemd.exec(5).
   */
  static LogForm of(@Nullable String journalStream) {
    return journalStream == null ? PLAIN : of(journalStream, STANDARD_ERROR);
  }

  static LogForm of(String journalStream, Path output) {
    try {
      String stream =
          Files.getAttribute(output, "unix:dev") + ":" + Files.getAttribute(output, "unix:ino");
      return stream.equals(journalStream) ? JOURNAL : PLAIN;
    } catch (IOException | UnsupportedOperationException unknown) {
      return PLAIN;
    }
  }
}
