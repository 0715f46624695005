package io.perigee.net.client;

import io.perigee.net.http.Headers;

/**
 * Hears a streamed response, on the event loop of its connection: it must not block. {@link
 * #onHead} comes first if at all; exactly one of {@link #onEnd} and {@link #onFailure} comes last.
 */
public interface ResponseListener {

  /**
   * @param call to pause or cancel
   */
  void onHead(Call call, int status, Headers headers);

  /** Some bytes of the body, in order; where they are cut means nothing. */
  void onBody(byte[] bytes);

  void onEnd();

  void onFailure(HttpFailure failure);
}
