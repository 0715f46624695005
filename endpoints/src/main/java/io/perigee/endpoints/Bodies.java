package io.perigee.endpoints;

import com.google.protobuf.Message;
import io.perigee.net.http.Request;
import io.perigee.net.http.Response;
import io.perigee.protocol.Decoded;
import io.perigee.protocol.wire.WireFormat;

/**
 * Reads the message in the body of a v1 call. Source: the checks of mesos/src/master/http.cpp, with
 * their texts.
 */
public final class Bodies {
  private Bodies() {}

  /** What came of a body. */
  public sealed interface Read<M extends Message> {

    /**
     * @param format in which it came
     */
    record Parsed<M extends Message>(M message, WireFormat format) implements Read<M> {}

    /** The answer to give instead. */
    record Refused<M extends Message>(Response response) implements Read<M> {}
  }

  /**
   * @param prototype any instance of the type wanted
   */
  public static <M extends Message> Read<M> read(Request request, M prototype) {
    String contentType = request.headers().get("Content-Type");
    if (contentType == null) {
      return refused(400, "Expecting 'Content-Type' to be present");
    }
    for (WireFormat format : WireFormat.values()) {
      // Compared to the letter, as by Mesos: a charset parameter is refused there too.
      if (contentType.equals(format.mediaType())) {
        return decode(request.body(), format, prototype);
      }
    }
    return refused(415, "Expecting 'Content-Type' of application/json or application/x-protobuf");
  }

  private static <M extends Message> Read<M> decode(byte[] body, WireFormat format, M prototype) {
    return switch (format.decode(body, prototype)) {
      case Decoded.Parsed<M>(M message) -> new Read.Parsed<>(message, format);
      case Decoded.MalformedJson<M>(String detail) ->
          refused(400, "Failed to parse body into JSON: " + detail);
      case Decoded.MisfitJson<M>(String detail) ->
          refused(400, "Failed to convert JSON into Call protobuf: " + detail);
      case Decoded.MalformedProtobuf<M>(String detail) ->
          refused(400, "Failed to parse body into Call protobuf");
    };
  }

  private static <M extends Message> Read<M> refused(int status, String text) {
    return new Read.Refused<>(Response.text(status, text));
  }
}
