package io.perigee.master.server;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** Gathers bytes into pieces and hands each on, which may block. For one thread. */
final class PacedOutput extends OutputStream {
  private static final int PIECE_BYTES = 64 * 1024;

  private final Sink sink;
  private byte[] piece = new byte[PIECE_BYTES];
  private int length;

  /** Takes pieces. */
  @FunctionalInterface
  interface Sink {
    /**
     * @param bytes the sink's from now on
     */
    void take(byte[] bytes) throws IOException;
  }

  PacedOutput(Sink sink) {
    this.sink = sink;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    int from = offset;
    int left = count;
    while (left > 0) {
      int some = Math.min(left, piece.length - length);
      System.arraycopy(bytes, from, piece, length, some);
      length += some;
      from += some;
      left -= some;
      if (length == piece.length) {
        handOn();
      }
    }
  }

  private void handOn() throws IOException {
    byte[] full = length == piece.length ? piece : Arrays.copyOf(piece, length);
    piece = new byte[PIECE_BYTES];
    length = 0;
    sink.take(full);
  }

  /** Hands on what is left. */
  @Override
  public void close() throws IOException {
    if (length > 0) {
      handOn();
    }
  }
}
