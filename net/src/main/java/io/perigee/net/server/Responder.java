package io.perigee.net.server;

import io.perigee.net.http.Headers;
import io.perigee.net.http.Response;

/**
 * Answers one request, exactly once, from any thread. If the client has gone the answer is dropped
 * without a word.
 */
public interface Responder {

  /**
   * Answers with a whole response.
   *
   * @throws IllegalStateException if the request was answered before
   */
  void respond(Response response);

  /**
   * Answers with a stream that stays open until one side closes it, also if the request said {@code
   * Connection: close}.
   *
   * @param status 200 to 599
   * @param listener hears how the stream ends, also if the client has gone already
   * @param bufferBytes that may wait for the client
   * @throws IllegalStateException if the request was answered before
   */
  ResponseStream openStream(int status, Headers headers, StreamListener listener, long bufferBytes);

  /** The same with {@link HttpLimits#streamBufferBytes}. */
  ResponseStream openStream(int status, Headers headers, StreamListener listener);
}
