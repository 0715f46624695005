package io.perigee.net.client;

/** A streamed request on its way. Safe for all threads. */
public interface Call {

  /** Fails with {@link HttpFailure.Kind#CANCELLED} and closes the connection, unless it is over. */
  void cancel();

  /**
   * Reads nothing more until {@link #resume}, which the server soon feels. Called by the listener
   * it holds at once; from another thread some bytes may still come.
   */
  void pause();

  void resume();
}
