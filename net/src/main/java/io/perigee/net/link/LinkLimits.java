package io.perigee.net.link;

import io.perigee.net.wire.Positive;

/**
 * Bounds of one link.
 *
 * @param frameBytes of a received frame; a larger or negative length closes the link
 * @param pendingBytes that wait to be sent; more closes the link
 */
public record LinkLimits(int frameBytes, long pendingBytes) {
  public LinkLimits {
    Positive.check("frameBytes", frameBytes);
    Positive.check("pendingBytes", pendingBytes);
  }

  /**
   * Frames of 16 MiB: the largest message is an agent's registration, well below 1 KiB a task. 32
   * MiB to be sent: one such frame behind another.
   */
  public static LinkLimits defaults() {
    return new LinkLimits(16 << 20, 32L << 20);
  }
}
