package io.perigee.net.client;

import io.perigee.net.http.Headers;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A whole response. The body belongs to the receiver. */
public final class ClientResponse {
  private final URI requestUri;
  private final int status;
  private final Headers headers;
  private final byte[] body;

  ClientResponse(URI requestUri, int status, Headers headers, byte[] body) {
    this.requestUri = requestUri;
    this.status = status;
    this.headers = headers;
    this.body = body;
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

  /** The body as UTF-8. */
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /**
   * Where the Location header points, resolved against the request's address: Mesos' redirects are
   * {@code //host:port/path} without a scheme. Null if there is none or if it is malformed.
   */
  public @Nullable URI location() {
    String location = headers.get("Location");
    try {
      return location == null ? null : requestUri.resolve(location);
    } catch (IllegalArgumentException malformed) {
      return null;
    }
  }
}
