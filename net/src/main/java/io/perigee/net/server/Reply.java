package io.perigee.net.server;

import java.io.IOException;

/** The answer of one exchange, on the connection's event loop. */
sealed interface Reply permits WholeReply, StreamReply, UpgradeReply {

  /**
   * Writes what the socket takes. Called when all earlier answers of the connection are written.
   *
   * @return true when all of it is written
   * @throws IOException if it cannot be made; the connection must be closed
   */
  boolean write() throws IOException;

  /** The connection ended before {@link #write} returned true. */
  void lost();

  /** The server stops: whoever would go on forever comes to an end. */
  void shutDown();
}
