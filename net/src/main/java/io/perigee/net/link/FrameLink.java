package io.perigee.net.link;

import io.perigee.net.Encoder;
import java.net.InetSocketAddress;

/**
 * One side of a link. Safe for all threads; no call blocks. Frames leave in the order of the calls,
 * many at a time.
 *
 * <p>What waits to be sent counts against a bound, each frame with 64 bytes on top; beyond it the
 * link is closed ({@link LinkClosed.Kind#OVERFLOW}).
 */
public interface FrameLink {

  /**
   * Sends one frame.
   *
   * @param frame not changed by anybody afterwards; may be empty
   * @return false if the link is closed, or closes because of this frame
   */
  boolean send(byte[] frame);

  /**
   * Sends what {@code encoder} will write as one frame.
   *
   * @param estimate of its size in bytes, counts against the bound until the size is known
   * @return as above
   */
  boolean send(Encoder encoder, int estimate);

  /** False while more than half of the bound waits. Who heeds it never overflows the link. */
  boolean isWritable();

  /**
   * Closes the link once what waits was sent, at the latest after five seconds. No frame is
   * received any more.
   *
   * @param reason for {@link LinkClosed#detail}
   */
  void close(String reason);

  /**
   * Stops taking frames from the other side, which soon feels it. Frames the loop has begun to hand
   * out may still come if this is called from another thread; none if it is called by the listener.
   * While paused the end of the link may go unnoticed.
   */
  void pauseReading();

  void resumeReading();

  InetSocketAddress remoteAddress();

  /** Bytes received so far, lengths included. */
  long bytesIn();

  /** Bytes handed to the socket so far, lengths included. */
  long bytesOut();
}
