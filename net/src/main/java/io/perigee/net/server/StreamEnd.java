package io.perigee.net.server;

/** Why a response stream ended. */
public enum StreamEnd {
  /** The client closed the connection, or the network did. */
  CLIENT_GONE,
  /** More waited for the client than the stream's buffer holds. */
  SLOW_READER,
  /** {@link ResponseStream#close} was called and everything was sent. */
  CLOSED_BY_SERVER,
  /** The server stopped. */
  SHUTDOWN,
  /** An encoder threw. */
  ENCODER_FAILED
}
