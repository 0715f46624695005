package io.perigee.net.http;

import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request without its body: what authenticators and acceptors of links see.
 *
 * @param method in capitals as sent
 * @param target as the client wrote it, for redirects
 * @param path decoded, without the process id in front ({@code /state} for {@code /master/state})
 * @param certificate the client's, checked against the server's client CA; null without one
 */
public record RequestHead(
    String method,
    RequestTarget target,
    String path,
    Headers headers,
    InetSocketAddress remoteAddress,
    @Nullable X509Certificate certificate) {

  /** The first value of a query parameter, null if it is absent. */
  public @Nullable String query(String name) {
    List<String> values = target.query().get(name);
    return values == null ? null : values.getFirst();
  }

  /** The request line's two telling parts; no headers, since these may be secrets. */
  @Override
  public String toString() {
    return method + " " + target.raw();
  }
}
