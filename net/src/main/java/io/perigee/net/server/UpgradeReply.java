package io.perigee.net.server;

import io.perigee.net.link.LinkListener;

/** Turns the connection into a link once all earlier answers are written. */
final class UpgradeReply implements Reply {
  private final ServerConnection connection;
  private final String protocol;
  private final LinkListener listener;
  private boolean begun;

  UpgradeReply(ServerConnection connection, String protocol, LinkListener listener) {
    this.connection = connection;
    this.protocol = protocol;
    this.listener = listener;
  }

  /** Never true: the connection is handed over instead. */
  @Override
  public boolean write() {
    if (!begun) {
      begun = true;
      connection.upgrade(protocol, listener);
    }
    return false;
  }

  @Override
  public void lost() {}

  @Override
  public void shutDown() {
    connection.abort();
  }
}
