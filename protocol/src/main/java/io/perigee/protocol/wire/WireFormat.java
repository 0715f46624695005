package io.perigee.protocol.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.perigee.protocol.Decoded;
import io.perigee.protocol.json.MesosJson;

/** A form that the body of a v1 request, answer or record may take. */
public enum WireFormat {
  JSON("application/json"),
  PROTOBUF("application/x-protobuf");

  private final String mediaType;

  WireFormat(String mediaType) {
    this.mediaType = mediaType;
  }

  /** As it stands in Content-Type and Accept, without parameters. */
  public String mediaType() {
    return mediaType;
  }

  /**
   * The bytes of a message.
   *
   * @param message of one of the v1 files ({@link io.perigee.protocol.MesosFiles})
   */
  public byte[] encode(Message message) {
    return switch (this) {
      case JSON -> MesosJson.V1.write(message);
      case PROTOBUF -> message.toByteArray();
    };
  }

  /**
   * Reads one message; whatever the bytes are, the answer is a value.
   *
   * @param prototype any instance of the type wanted, such as {@code Call.getDefaultInstance()}
   */
  public <M extends Message> Decoded<M> decode(byte[] body, M prototype) {
    return switch (this) {
      case JSON -> MesosJson.V1.read(body, prototype);
      case PROTOBUF -> parse(body, prototype);
    };
  }

  @SuppressWarnings("unchecked") // A message's parser makes messages of its own class.
  private static <M extends Message> Decoded<M> parse(byte[] body, M prototype) {
    try {
      return new Decoded.Parsed<>((M) prototype.getParserForType().parseFrom(body));
    } catch (InvalidProtocolBufferException malformed) {
      return new Decoded.MalformedProtobuf<>(String.valueOf(malformed.getMessage()));
    }
  }
}
