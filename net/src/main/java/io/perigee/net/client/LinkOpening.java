package io.perigee.net.client;

import io.perigee.net.link.FrameLink;
import io.perigee.net.link.LinkClosed;
import io.perigee.net.link.LinkListener;
import java.util.concurrent.CompletableFuture;

/** Completes a future with the link, and hands everything on. */
record LinkOpening(LinkListener listener, CompletableFuture<FrameLink> result)
    implements LinkListener {
  @Override
  public void onOpened(FrameLink link) {
    listener.onOpened(link);
    result.complete(link);
  }

  @Override
  public void onFrame(byte[] frame) {
    listener.onFrame(frame);
  }

  @Override
  public void onClosed(LinkClosed reason) {
    listener.onClosed(reason);
  }
}
