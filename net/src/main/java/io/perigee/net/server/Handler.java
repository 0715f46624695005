package io.perigee.net.server;

import io.perigee.net.http.Request;

/** Answers the requests of a route, at once or later. */
@FunctionalInterface
public interface Handler {

  /**
   * @throws Exception any: the request is answered with 500 unless it was answered before, and the
   *     failure is logged and counted
   */
  void handle(Request request, Responder responder) throws Exception;
}
