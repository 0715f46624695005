package io.perigee.net.link;

/**
 * Why a link is gone.
 *
 * @param detail for the log
 */
public record LinkClosed(Kind kind, String detail) {

  /** The causes that are counted apart. */
  public enum Kind {
    /** {@link FrameLink#close} was called on this side. */
    CLOSED_HERE,
    /** The other side closed it, or the network did. */
    CLOSED_BY_PEER,
    /** A frame's length was negative or above the limit. */
    FRAME_TOO_LARGE,
    /** More waited to be sent than the link may keep. */
    OVERFLOW,
    /** An encoder or the listener threw. */
    BROKEN,
    /** The server or client it belongs to stopped. */
    SHUTDOWN
  }
}
