package io.perigee.net.server;

/** Hears about one response stream, on the event loop of its connection: it must not block. */
@FunctionalInterface
public interface StreamListener {

  /** The stream ended. Called exactly once, and nothing is sent afterwards. */
  void onEnd(StreamEnd reason);

  /** After {@link ResponseStream#isWritable} was false there is room again. */
  default void onWritable() {}
}
