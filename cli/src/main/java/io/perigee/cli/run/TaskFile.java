package io.perigee.cli.run;

import io.perigee.client.Reader;
import io.perigee.net.client.ClientResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;

/** One file of a task's sandbox, read piece by piece as it grows. For one thread. */
public final class TaskFile {
  private static final int NOTHING_NEW = 416;
  private static final int PIECE = 206;

  /** What {@link #lastLines} looks at. */
  private static final long MOST_TAIL_BYTES = 1 << 20;

  private final Reader agent;
  private final String path;
  private long offset;

  /**
   * @param name {@code stdout} or {@code stderr}
   */
  public TaskFile(Reader agent, String frameworkId, String executorId, String name) {
    this.agent = agent;
    this.path = "/frameworks/" + frameworkId + "/executors/" + executorId + "/runs/latest/" + name;
  }

  /**
   * What came since the last call; empty at the end of the file.
   *
   * @throws IOException if the agent cannot be reached, or does not have the file
   */
  public byte[] next() throws IOException, InterruptedException {
    ClientResponse response = agent.bytes("/files/download", path, offset);
    if (response.status() == NOTHING_NEW) {
      return new byte[0];
    }
    if (response.status() != PIECE) {
      throw new IOException(
          "%s answers %d for %s %s"
              .formatted(agent.base(), response.status(), path, response.text().strip()));
    }
    offset += response.body().length;
    return response.body();
  }

  /** The last lines that are there now, at most a megabyte; {@link #next} goes on after them. */
  public byte[] lastLines(int lines) throws IOException, InterruptedException {
    offset = Math.max(0, agent.size("/files/read", path) - MOST_TAIL_BYTES);
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    for (byte[] piece = next(); piece.length > 0; piece = next()) {
      read.writeBytes(piece);
    }
    byte[] bytes = read.toByteArray();
    int from = startOfLast(lines, bytes);
    return Arrays.copyOfRange(bytes, from, bytes.length);
  }

  static int startOfLast(int lines, byte[] bytes) {
    int left = lines;
    int at = bytes.length;
    while (at > 0) {
      // The newline at the very end ends the last line, it does not begin another one.
      if (bytes[at - 1] == '\n' && at < bytes.length && --left == 0) {
        return at;
      }
      at--;
    }
    return lines == 0 ? bytes.length : 0;
  }
}
