package io.perigee.protocol.recordio;

import com.google.protobuf.Message;
import io.perigee.protocol.wire.WireFormat;
import java.nio.charset.StandardCharsets;

/**
 * Makes records. Real clients need a whole record in one chunk of the answer, and never an empty
 * one; what is sent is the caller's choice.
 */
public final class RecordEncoder {
  private RecordEncoder() {}

  /** What stands before the bytes of a record. */
  public static byte[] prefix(int length) {
    return (length + "\n").getBytes(StandardCharsets.US_ASCII);
  }

  /** One record. */
  public static byte[] encode(byte[] bytes) {
    byte[] prefix = prefix(bytes.length);
    byte[] record = new byte[prefix.length + bytes.length];
    System.arraycopy(prefix, 0, record, 0, prefix.length);
    System.arraycopy(bytes, 0, record, prefix.length, bytes.length);
    return record;
  }

  /** One message as a record. */
  public static byte[] encode(WireFormat format, Message message) {
    return encode(format.encode(message));
  }
}
