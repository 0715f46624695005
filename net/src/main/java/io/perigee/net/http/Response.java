package io.perigee.net.http;

import java.nio.charset.StandardCharsets;

/**
 * A whole answer. Date, Content-Length, Connection, and the default text of an empty error are
 * added when it is written.
 */
public final class Response {
  public static final String TEXT = "text/plain; charset=utf-8";

  private static final byte[] NO_BODY = {};

  private final int status;
  private final Headers headers;
  private final byte[] body;

  /**
   * @param status 200 to 599
   * @param body not changed by anybody afterwards
   */
  public Response(int status, Headers headers, byte[] body) {
    if (status < 200 || status > 599) {
      throw new IllegalArgumentException("status is 200 to 599, not " + status);
    }
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  /**
   * An empty body; a status of 400 and more is written with {@code <code> <reason>.} as its text,
   * unless it has a Content-Type.
   */
  public static Response of(int status) {
    return new Response(status, Headers.EMPTY, NO_BODY);
  }

  public static Response of(int status, String contentType, byte[] body) {
    return new Response(status, Headers.of("Content-Type", contentType), body);
  }

  public static Response text(int status, String text) {
    return of(status, TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  public Response with(String name, String value) {
    return new Response(status, headers.with(name, value), body);
  }

  public int status() {
    return status;
  }

  public Headers headers() {
    return headers;
  }

  public byte[] body() {
    return body;
  }
}
