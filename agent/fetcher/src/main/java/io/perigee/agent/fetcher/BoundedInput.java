package io.perigee.agent.fetcher;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Gives out so many bytes and no more: libraries keep headers in memory whole, however long an
 * archive says they are.
 */
final class BoundedInput extends FilterInputStream {
  private long leftBytes;

  BoundedInput(InputStream in) {
    super(in);
  }

  /** From now on so many bytes may be read. */
  void allow(long bytes) {
    leftBytes = bytes;
  }

  @Override
  public int read() throws IOException {
    int value = super.read();
    take(value < 0 ? 0 : 1);
    return value;
  }

  @Override
  public int read(byte[] to, int offset, int length) throws IOException {
    int count = super.read(to, offset, length);
    take(Math.max(0, count));
    return count;
  }

  @Override
  public long skip(long count) throws IOException {
    long skipped = super.skip(count);
    take(skipped);
    return skipped;
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  private void take(long bytes) throws FetchFailure {
    leftBytes -= bytes;
    if (leftBytes < 0) {
      throw new FetchFailure("a header of it is too long");
    }
  }
}
