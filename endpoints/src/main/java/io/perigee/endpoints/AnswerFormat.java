package io.perigee.endpoints;

import io.perigee.net.http.Accept;
import io.perigee.net.http.Request;
import io.perigee.net.http.Response;
import io.perigee.protocol.wire.WireFormat;
import org.jspecify.annotations.Nullable;

/** In which form a v1 call is answered: JSON where both will do, as in Mesos. */
public final class AnswerFormat {
  private AnswerFormat() {}

  /** The form that the Accept header asks for; null if it allows neither. */
  public static @Nullable WireFormat of(Request request) {
    String accepted =
        Accept.parse(request.headers().list("Accept"))
            .choose(WireFormat.JSON.mediaType(), WireFormat.PROTOBUF.mediaType());
    if (accepted == null) {
      return null;
    }
    return accepted.equals(WireFormat.JSON.mediaType()) ? WireFormat.JSON : WireFormat.PROTOBUF;
  }

  /** The answer where {@link #of} found none. */
  public static Response notAcceptable() {
    return Response.text(
        406, "Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'");
  }
}
