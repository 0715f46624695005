package io.perigee.agent.daemon;

import io.perigee.mesos.v1.agent.Call;
import io.perigee.net.http.Accept;
import io.perigee.net.http.Request;
import io.perigee.net.http.Response;
import io.perigee.protocol.wire.WireFormat;
import org.jspecify.annotations.Nullable;

/**
 * In which form an operator's call comes and wants its answer. Source: Http::api and Http::_api in
 * mesos/src/slave/http.cpp, with their texts and their order.
 *
 * @param content of the call, or of each of its records
 * @param isStreamed whether the call comes as records
 * @param accepted of the answer, or of each of its records
 * @param wantsStream whether the answer is to come as records and not otherwise
 */
record OperatorMedia(
    WireFormat content, boolean isStreamed, WireFormat accepted, boolean wantsStream) {
  private static final String JSON = WireFormat.JSON.mediaType();
  private static final String PROTOBUF = WireFormat.PROTOBUF.mediaType();
  private static final String RECORDIO = "application/recordio";
  private static final String EITHER = JSON + " or " + PROTOBUF;
  private static final String ANY = EITHER + " or " + RECORDIO;

  /** What came of the headers. */
  sealed interface Reading {
    record Agreed(OperatorMedia media) implements Reading {}

    /** The answer to give instead. */
    record Refused(Response response) implements Reading {}
  }

  static Reading of(Request request) {
    String contentType = request.headers().get("Content-Type");
    if (contentType == null) {
      return refused(400, "Expecting 'Content-Type' to be present");
    }
    boolean isStreamed = contentType.equals(RECORDIO);
    WireFormat content = isStreamed ? WireFormat.JSON : format(contentType);
    if (content == null) {
      return refused(415, "Expecting 'Content-Type' of " + ANY);
    }
    String ofRecords = request.headers().get("Message-Content-Type");
    if (isStreamed) {
      if (ofRecords == null) {
        return refused(400, "Expecting 'Message-Content-Type' to be set for streaming requests");
      }
      content = format(ofRecords);
      if (content == null) {
        return refused(415, "Expecting 'Message-Content-Type' of " + EITHER);
      }
    } else if (ofRecords != null) {
      return refused(
          415, "Expecting 'Message-Content-Type' to be not set for non-streaming requests");
    }
    return accept(request, content, isStreamed);
  }

  private static Reading accept(Request request, WireFormat content, boolean isStreamed) {
    String wanted = Accept.parse(request.headers().list("Accept")).choose(JSON, PROTOBUF, RECORDIO);
    if (wanted == null) {
      return refused(406, "Expecting 'Accept' to allow " + ANY);
    }
    boolean wantsStream = wanted.equals(RECORDIO);
    if (wantsStream) {
      wanted = Accept.parse(request.headers().list("Message-Accept")).choose(JSON, PROTOBUF);
      if (wanted == null) {
        return refused(406, "Expecting 'Message-Accept' to allow " + EITHER);
      }
    } else if (request.headers().get("Message-Accept") != null) {
      return refused(406, "Expecting 'Message-Accept' to be not set for non-streaming responses");
    }
    WireFormat accepted = wanted.equals(JSON) ? WireFormat.JSON : WireFormat.PROTOBUF;
    return new Reading.Agreed(new OperatorMedia(content, isStreamed, accepted, wantsStream));
  }

  private static @Nullable WireFormat format(String mediaType) {
    return mediaType.equals(JSON)
        ? WireFormat.JSON
        : mediaType.equals(PROTOBUF) ? WireFormat.PROTOBUF : null;
  }

  /** Why a call of this type cannot come or be answered so; null if it can. */
  @Nullable Response mismatch(Call.Type type) {
    boolean takesStream = type == Call.Type.ATTACH_CONTAINER_INPUT;
    if (isStreamed && !takesStream) {
      return Response.text(
          415, "Streaming 'Content-Type' " + RECORDIO + " is not supported for " + type + " call");
    }
    if (!isStreamed && takesStream) {
      return Response.text(
          415, "Expecting 'Content-Type' to be " + RECORDIO + " for " + type + " call");
    }
    boolean givesStream =
        type == Call.Type.ATTACH_CONTAINER_OUTPUT
            || type == Call.Type.LAUNCH_NESTED_CONTAINER_SESSION;
    return wantsStream && !givesStream
        ? Response.text(406, "Streaming response is not supported for " + type + " call")
        : null;
  }

  private static Reading refused(int status, String text) {
    return new Reading.Refused(Response.text(status, text));
  }
}
