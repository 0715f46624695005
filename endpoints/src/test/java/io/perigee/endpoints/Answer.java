package io.perigee.endpoints;

import io.perigee.net.http.Headers;
import io.perigee.net.http.Request;
import io.perigee.net.http.Response;
import io.perigee.net.server.Handler;
import io.perigee.net.server.Responder;
import io.perigee.net.server.ResponseStream;
import io.perigee.net.server.StreamListener;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Takes the whole answer of a handler. */
final class Answer implements Responder {
  private @Nullable Response response;

  static Response to(Request request, Handler handler) throws Exception {
    Answer answer = new Answer();
    handler.handle(request, answer);
    if (answer.response == null) {
      throw new AssertionError(request + " has no answer");
    }
    return answer.response;
  }

  static String text(Response response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  @Override
  public void respond(Response given) {
    if (response != null) {
      throw new AssertionError("answered twice");
    }
    response = given;
  }

  @Override
  public ResponseStream openStream(
      int status, Headers headers, StreamListener listener, long bufferBytes) {
    throw new AssertionError("a whole answer was expected");
  }

  @Override
  public ResponseStream openStream(int status, Headers headers, StreamListener listener) {
    return openStream(status, headers, listener, 1);
  }
}
