package io.perigee.net.server;

import java.io.IOException;
import java.net.InetSocketAddress;

/** A server cannot listen; the message names address, port and cause. */
public final class ListenException extends IOException {
  private static final long serialVersionUID = 1;

  private final InetSocketAddress address;

  ListenException(InetSocketAddress address, Throwable cause) {
    super(
        "cannot listen on %s:%d: %s"
            .formatted(
                address.getHostString(),
                address.getPort(),
                address.isUnresolved() ? "the host is unknown" : cause.getMessage()),
        cause);
    this.address = address;
  }

  public InetSocketAddress address() {
    return address;
  }
}
