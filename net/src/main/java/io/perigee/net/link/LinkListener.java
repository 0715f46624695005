package io.perigee.net.link;

/** Hears what happens on one link, on its event loop: it must not block. */
public interface LinkListener {

  /** The link is up. First of all calls. */
  void onOpened(FrameLink link);

  /** One frame, in order; the array belongs to the listener. */
  void onFrame(byte[] frame);

  /** The link is gone; exactly once after {@link #onOpened}, last of all calls. */
  void onClosed(LinkClosed reason);
}
