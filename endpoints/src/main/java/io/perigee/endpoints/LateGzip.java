package io.perigee.endpoints;

import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** Compresses what is written unless it is too little for that. For one thread. */
final class LateGzip extends OutputStream {
  /** Mesos' limit (libprocess process.cpp). */
  private static final int MIN_BYTES = 1024;

  private final OutputStream out;
  private final byte[] first = new byte[MIN_BYTES];
  private int count;
  private @Nullable OutputStream zipped;

  /** Twice as fast as the usual level, for a tenth more bytes. */
  private static final class Fast extends GZIPOutputStream {
    private Fast(OutputStream out) throws IOException {
      super(out, 8 * 1024);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }

  LateGzip(OutputStream out) {
    this.out = out;
  }

  /** True once so much was written that it is compressed. */
  boolean isZipped() {
    return zipped != null;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (zipped == null && count + length < MIN_BYTES) {
      System.arraycopy(bytes, offset, first, count, length);
      count += length;
      return;
    }
    if (zipped == null) {
      zipped = new Fast(out);
      zipped.write(first, 0, count);
    }
    zipped.write(bytes, offset, length);
  }

  @Override
  public void close() throws IOException {
    if (zipped == null) {
      out.write(first, 0, count);
    } else {
      zipped.close();
    }
  }
}
