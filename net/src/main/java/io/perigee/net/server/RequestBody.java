package io.perigee.net.server;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the body of one request within its limits; grows with what arrived, not with what was
 * announced. Belongs to the event loop, but {@link #inflate} may run elsewhere: {@link #release} on
 * the loop meanwhile makes it stop.
 */
final class RequestBody {
  private static final byte[] EMPTY = {};

  private final int limitBytes;
  private final BodyMemory memory;
  private byte[] bytes = EMPTY;
  private int length;
  private long takenBytes;
  private boolean isReleased;

  RequestBody(int limitBytes, BodyMemory memory) {
    this.limitBytes = limitBytes;
    this.memory = memory;
  }

  /** Null, or the limit that forbids it. */
  @Nullable Limit add(ByteBuf piece) {
    int more = piece.readableBytes();
    Limit struck = makeRoom(more);
    if (struck == null) {
      piece.readBytes(bytes, length, more);
      length += more;
    }
    return struck;
  }

  /**
   * Replaces gzipped content by what it holds.
   *
   * @return null, or the limit that forbids it
   * @throws IOException if it is not gzip
   */
  @Nullable Limit inflate() throws IOException {
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes, 0, length))) {
      bytes = EMPTY;
      length = 0;
      byte[] piece = new byte[16 * 1024];
      for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
        Limit struck = makeRoom(read);
        if (struck != null) {
          return struck;
        }
        System.arraycopy(piece, 0, bytes, length, read);
        length += read;
      }
      return null;
    }
  }

  byte[] toBytes() {
    return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
  }

  /** Gives the memory back: nothing more is gathered. */
  synchronized void release() {
    isReleased = true;
    memory.give(takenBytes);
    takenBytes = 0;
  }

  private synchronized @Nullable Limit makeRoom(int more) {
    if (isReleased || more > limitBytes - length) {
      return Limit.BODY;
    }
    if (!memory.take(more)) {
      return Limit.ALL_BODIES;
    }
    takenBytes += more;
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.clamp(2L * bytes.length, length + more, limitBytes));
    }
    return null;
  }
}
