package io.perigee.endpoints;

import io.perigee.net.http.Headers;
import io.perigee.net.http.Request;
import io.perigee.net.http.RequestHead;
import io.perigee.net.http.RequestTarget;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Requests as a router hands them to handlers. */
final class Requests {
  private Requests() {}

  /**
   * A GET.
   *
   * @param parameters names and values in turn, not encoded
   */
  static Request get(String path, String... parameters) {
    StringBuilder target = new StringBuilder(path);
    for (int i = 0; i < parameters.length; i += 2) {
      target
          .append(i == 0 ? '?' : '&')
          .append(parameters[i])
          .append('=')
          .append(URLEncoder.encode(parameters[i + 1], StandardCharsets.UTF_8));
    }
    return of("GET", target.toString(), Headers.EMPTY, new byte[0]);
  }

  static Request post(Headers headers, byte[] body) {
    return of("POST", "/api/v1", headers, body);
  }

  private static Request of(String method, String raw, Headers headers, byte[] body) {
    RequestTarget target = Objects.requireNonNull(RequestTarget.parse(raw));
    InetSocketAddress client = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    return new Request(
        new RequestHead(method, target, target.path(), headers, client, null),
        target.path(),
        null,
        body);
  }
}
