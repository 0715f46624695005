package io.perigee.net.client;

/** Owns a connection that is used once, to become a link. */
final class DedicatedConnection implements ClientConnection.Owner {
  @Override
  public void idle(ClientConnection connection) {
    connection.close(); // The upgrade was refused.
  }

  @Override
  public void closed(ClientConnection connection) {}

  @Override
  public void notSent(ClientCall call) {
    call.fail(HttpFailure.Kind.CLOSED_EARLY, "the connection ended at once", null);
  }

  @Override
  public void notConnected() {}
}
