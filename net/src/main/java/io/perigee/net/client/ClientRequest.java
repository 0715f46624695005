package io.perigee.net.client;

import io.perigee.net.http.Headers;
import java.net.URI;

/** A request to send. Host, Content-Length and Connection are added when it is written. */
public final class ClientRequest {
  private static final byte[] NO_BODY = {};

  private final String method;
  private final URI uri;
  private final Headers headers;
  private final byte[] body;

  /**
   * @param uri {@code http} or {@code https} with a host
   * @param body not changed by anybody afterwards
   */
  public ClientRequest(String method, URI uri, Headers headers, byte[] body) {
    boolean isHttp = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    if (!isHttp || uri.getHost() == null) {
      throw new IllegalArgumentException("'" + uri + "' is not like http://host:port/path");
    }
    if (method.isEmpty() || !method.chars().allMatch(c -> c >= 'A' && c <= 'Z')) {
      throw new IllegalArgumentException("a method is in capitals, not '" + method + "'");
    }
    this.method = method;
    this.uri = uri;
    this.headers = headers;
    this.body = body;
  }

  public static ClientRequest get(URI uri) {
    return new ClientRequest("GET", uri, Headers.EMPTY, NO_BODY);
  }

  public static ClientRequest post(URI uri, String contentType, byte[] body) {
    return new ClientRequest("POST", uri, Headers.of("Content-Type", contentType), body);
  }

  public ClientRequest with(String name, String value) {
    return new ClientRequest(method, uri, headers.with(name, value), body);
  }

  public String method() {
    return method;
  }

  public URI uri() {
    return uri;
  }

  public Headers headers() {
    return headers;
  }

  public byte[] body() {
    return body;
  }

  /** Host and port without user information, which is a secret. */
  String authority() {
    return uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
  }

  /** The path and query as they stand in the request line. */
  String target() {
    URI ascii = URI.create(uri.toASCIIString());
    String path = ascii.getRawPath().isEmpty() ? "/" : ascii.getRawPath();
    return ascii.getRawQuery() == null ? path : path + "?" + ascii.getRawQuery();
  }

  /** Method and address without the query, which may hold secrets. */
  @Override
  public String toString() {
    return method + " " + uri.getScheme() + "://" + authority() + uri.getRawPath();
  }
}
