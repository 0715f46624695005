package io.perigee.net;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes one message. Runs once, later, on the event loop of the connection, so that the thread
 * that decides does not serialise: it must not block and must read only what no longer changes.
 */
@FunctionalInterface
public interface Encoder {

  /**
   * @throws IOException or an unchecked exception if the message cannot be written; that ends the
   *     stream or link, since its reader would otherwise miss a message without knowing
   */
  void encode(OutputStream out) throws IOException;
}
