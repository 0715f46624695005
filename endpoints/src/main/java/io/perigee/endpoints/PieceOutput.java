package io.perigee.endpoints;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** Cuts what is written into the pieces of a shared body. For one thread, which it may hold up. */
final class PieceOutput extends OutputStream {
  private final SharedBody body;
  private final PieceMemory memory;
  private final PieceMemory.Waits waits;
  private final SharedBody.HeadersSource headers;
  private byte @Nullable [] piece;
  private int length;

  /** There is no use in going on. */
  static final class NobodyReads extends IOException {
    private static final long serialVersionUID = 1;
  }

  PieceOutput(SharedBody body, PieceMemory memory, SharedBody.HeadersSource headers) {
    this.body = body;
    this.memory = memory;
    this.waits = memory.waits();
    this.headers = headers;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    int from = offset;
    int end = offset + count;
    while (from < end) {
      byte[] into = piece == null ? take() : piece;
      int some = Math.min(end - from, into.length - length);
      System.arraycopy(bytes, from, into, length, some);
      length += some;
      from += some;
      if (length == into.length) {
        pass(into);
      }
    }
  }

  private byte[] take() throws IOException {
    try {
      piece = memory.take(waits);
      return piece;
    } catch (InterruptedException stopped) {
      throw new InterruptedIOException("the process stops");
    }
  }

  private void pass(byte[] full) throws IOException {
    int size = length;
    piece = null;
    length = 0;
    if (!body.add(full, size, headers)) {
      throw new NobodyReads();
    }
  }

  /** Hands on what is left. */
  void finish() throws IOException {
    if (piece != null) {
      pass(piece);
    }
    body.finish(headers);
  }

  /** Gives back what was not handed on. */
  void discard() {
    if (piece != null) {
      memory.give(piece);
      piece = null;
    }
  }
}
