package io.perigee.protocol;

import static java.util.Objects.requireNonNull;

import com.google.protobuf.Message;
import io.perigee.protocol.testing.MessageTypes;
import io.perigee.protocol.wire.WireFormat;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * A body recorded from Mesos 1.11, or one record of a recorded stream; equal ones are kept once.
 *
 * @param name of the recording, direction, and number of the record in a stream
 * @param payload JSON, or protobuf in base64
 */
record GoldenBody(String name, Message type, String payload) {

  static List<GoldenBody> all() {
    Map<String, Message> types = MessageTypes.prototypes();
    return rows("bodies.tsv").stream()
        .map(row -> new GoldenBody(row[0], requireNonNull(types.get(row[1])), row[2]))
        .toList();
  }

  /** The rows of a file beside the golden bodies, cut at tabs. */
  static List<String[]> rows(String file) {
    try (InputStream in = GoldenBody.class.getResourceAsStream("/golden/" + file)) {
      return new String(requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.split("\t", -1))
          .toList();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  WireFormat format() {
    return payload.startsWith("{") ? WireFormat.JSON : WireFormat.PROTOBUF;
  }

  /** True if a client wrote it, false if Mesos did. */
  boolean isRequest() {
    return type.getDescriptorForType().getName().equals("Call");
  }

  byte[] bytes() {
    return switch (format()) {
      case JSON -> payload.getBytes(StandardCharsets.UTF_8);
      case PROTOBUF -> Base64.getDecoder().decode(payload);
    };
  }

  @Override
  public String toString() {
    return name;
  }
}
