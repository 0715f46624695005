package io.perigee.endpoints;

import io.perigee.net.link.FrameLink;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Hands what comes over a link to a decision loop, in order; while the loop is full nothing more is
 * read from the link, so that its peer feels it. Called by the link's listener.
 */
public final class LinkFeed<E> {
  /** Until an event that found the loop full is offered again. */
  private static final long RETRY_MILLIS = 5;

  private final FrameLink link;
  private final Predicate<E> events;
  private final ScheduledExecutorService timer;
  private boolean isClosed;

  /**
   * @param events takes an event, or says false if it cannot now
   */
  public LinkFeed(FrameLink link, Predicate<E> events, ScheduledExecutorService timer) {
    this.link = link;
    this.events = events;
    this.timer = timer;
  }

  public void deliver(E event) {
    if (!events.test(event)) {
      link.pauseReading();
      retryLater(event);
    }
  }

  private void retryLater(E event) {
    var _ = timer.schedule(() -> retry(event), RETRY_MILLIS, TimeUnit.MILLISECONDS);
  }

  private synchronized void retry(E event) {
    if (isClosed) {
      return; // Its end has been told already; what came before it is too late.
    }
    if (events.test(event)) {
      link.resumeReading();
    } else {
      retryLater(event);
    }
  }

  /** The link is gone: nothing is handed on any more once this has returned. */
  public synchronized void close() {
    isClosed = true;
  }
}
