package io.perigee.net.server;

import io.perigee.net.Encoder;

/**
 * The body of an answer that is sent piece by piece, each piece as one HTTP chunk, in the order of
 * the calls. Safe for all threads; no call blocks or throws because of the client.
 *
 * <p>What waits for the client counts against the stream's bound, each piece with 64 bytes on top.
 * If the bound is exceeded the client is disconnected ({@link StreamEnd#SLOW_READER}).
 */
public interface ResponseStream {

  /**
   * Sends one piece.
   *
   * @param bytes not changed by anybody afterwards; an empty array sends nothing
   * @return false if the stream has ended, or ends because of this piece
   */
  boolean send(byte[] bytes);

  /**
   * Sends one piece whose array is used again afterwards, so that a large answer to many readers
   * need not be copied for each.
   *
   * @param length of the piece, which begins at 0; at least 1
   * @param copied told on the event loop when the array is not needed any more, before {@link
   *     StreamListener#onEnd} or never
   * @return as above
   */
  boolean send(byte[] bytes, int length, Runnable copied);

  /**
   * Sends what {@code encoder} will write.
   *
   * @param estimate of its size in bytes, counts against the bound until the size is known
   * @return as above
   */
  boolean send(Encoder encoder, int estimate);

  /** False while more than half of the bound waits. Who heeds it never overflows the stream. */
  boolean isWritable();

  /** Ends the body once everything was sent. Later calls do nothing. */
  void close();
}
