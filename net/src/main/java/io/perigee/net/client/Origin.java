package io.perigee.net.client;

import java.net.URI;

/** Whom a connection leads to. */
record Origin(boolean isTls, String host, int port) {

  static Origin of(URI uri) {
    boolean isTls = "https".equals(uri.getScheme());
    String host = uri.getHost();
    // IPv6 addresses stand in brackets in a URI and nowhere else.
    String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    return new Origin(isTls, name, uri.getPort() >= 0 ? uri.getPort() : isTls ? 443 : 80);
  }
}
