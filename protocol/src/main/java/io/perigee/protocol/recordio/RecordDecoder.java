package io.perigee.protocol.recordio;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes a stream apart into records, however it is cut. Not safe for several threads.
 *
 * <p>A length is 1 to {@value #MAX_DIGITS} digits and at most the limit; leading zeros count as
 * digits and mean nothing, as in Mesos. Anything else before the line feed (signs, spaces, carriage
 * returns, letters, nothing at all) breaks the stream, and a broken stream stays broken. A length
 * of 0 is an empty record.
 */
public final class RecordDecoder {
  /** Enough for every int; a stream that sends more is not RecordIO. */
  public static final int MAX_DIGITS = 10;

  /** Allocated at first for a record, so that a length alone costs no memory. */
  private static final int FIRST_BYTES = 8 * 1024;

  private static final byte[] EMPTY = {};

  private final int maxRecordBytes;

  private int digits;
  private long length;

  /** True while the bytes of a record are awaited, false while its length is. */
  private boolean inRecord;

  private byte[] record = EMPTY;
  private int filled;
  private @Nullable Broken broken;

  /** How a stream does. */
  public sealed interface Progress {}

  /** All bytes were taken. */
  public record Going() implements Progress {}

  /** The stream is no RecordIO, or a record is too large. Its rest is worthless. */
  public record Broken(String reason) implements Progress {}

  /**
   * A decoder at the start of a stream.
   *
   * @param maxRecordBytes a longer record breaks the stream; at least 1
   */
  public RecordDecoder(int maxRecordBytes) {
    if (maxRecordBytes < 1) {
      throw new IllegalArgumentException("maxRecordBytes is at least 1, not " + maxRecordBytes);
    }
    this.maxRecordBytes = maxRecordBytes;
  }

  /** Takes the next bytes; see {@link #feed(ByteBuffer, Consumer)}. */
  public Progress feed(byte[] bytes, Consumer<byte[]> records) {
    return feed(ByteBuffer.wrap(bytes), records);
  }

  /**
   * Takes the next bytes of the stream, up to the buffer's limit. Records they complete are given
   * out in order, each an array of its own, also those before the place where the stream breaks.
   */
  public Progress feed(ByteBuffer bytes, Consumer<byte[]> records) {
    while (broken == null && bytes.hasRemaining()) {
      if (inRecord) {
        takeRecord(bytes);
      } else {
        takeLength(bytes.get());
      }
      if (inRecord && filled == length) {
        records.accept(record.length == filled ? record : Arrays.copyOf(record, filled));
        startLength();
      }
    }
    return broken == null ? new Going() : broken;
  }

  /** True between records: here a stream may end; elsewhere its last record is cut off. */
  public boolean isBetweenRecords() {
    return broken == null && !inRecord && digits == 0;
  }

  private void takeLength(byte character) {
    if (character == '\n' && digits > 0) {
      inRecord = true;
    } else if (character < '0' || character > '9') {
      broken = new Broken("byte 0x%02x in the length of a record".formatted(character));
    } else if (++digits > MAX_DIGITS) {
      broken = new Broken("length of a record has more than " + MAX_DIGITS + " digits");
    } else {
      length = length * 10 + character - '0';
      if (length > maxRecordBytes) {
        broken = new Broken("record of more than " + maxRecordBytes + " bytes");
      }
    }
  }

  private void takeRecord(ByteBuffer bytes) {
    int taken = (int) Math.min(length - filled, bytes.remaining());
    int needed = filled + taken;
    if (record.length < needed) {
      record = Arrays.copyOf(record, (int) Math.min(length, Math.max(FIRST_BYTES, 2L * needed)));
    }
    bytes.get(record, filled, taken);
    filled = needed;
  }

  private void startLength() {
    inRecord = false;
    record = EMPTY;
    filled = 0;
    digits = 0;
    length = 0;
  }
}
