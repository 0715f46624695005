package io.perigee.cli.run;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Where the output of one task goes. Several of them share a stream: each writes whole lines, so
 * that lines of different tasks do not mix. For one thread each.
 */
final class LineOutput {
  /** A longer line is written in parts. */
  private static final int MOST_BYTES_HELD = 64 * 1024;

  private final OutputStream shared;
  private final boolean isAlone;
  private final ByteArrayOutputStream held = new ByteArrayOutputStream();

  /**
   * @param isAlone nobody else writes: what comes is written at once, for prompts and progress bars
   */
  LineOutput(OutputStream shared, boolean isAlone) {
    this.shared = shared;
    this.isAlone = isAlone;
  }

  void write(byte[] bytes) throws Closed {
    if (isAlone) {
      flush(bytes, bytes.length);
      return;
    }
    int lines = bytes.length;
    while (lines > 0 && bytes[lines - 1] != '\n') {
      lines--;
    }
    if (lines > 0 || held.size() + bytes.length > MOST_BYTES_HELD) {
      int now = lines > 0 ? lines : bytes.length;
      held.write(bytes, 0, now);
      flush(held.toByteArray(), held.size());
      held.reset();
      held.write(bytes, now, bytes.length - now);
    } else {
      held.writeBytes(bytes);
    }
  }

  /** Writes the last line, which has no end. */
  void end() throws Closed {
    if (held.size() > 0) {
      held.write('\n');
      flush(held.toByteArray(), held.size());
      held.reset();
    }
  }

  private void flush(byte[] bytes, int count) throws Closed {
    synchronized (shared) {
      try {
        shared.write(bytes, 0, count);
        shared.flush();
      } catch (IOException nobodyReads) {
        throw new Closed(nobodyReads);
      }
    }
  }

  /** The stream takes no more. */
  static final class Closed extends IOException {
    private static final long serialVersionUID = 1;

    private Closed(IOException cause) {
      super(cause);
    }
  }
}
