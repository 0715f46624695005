package io.perigee.net.client;

import io.netty.util.concurrent.Future;
import io.perigee.net.http.Headers;
import io.perigee.net.link.LinkListener;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request on its way: waits for a connection, is on one, is over. The first two may fail from
 * any thread; once it is on a connection, that connection's event loop alone talks to the listener.
 */
final class ClientCall implements Call {
  private static final Logger LOG = LoggerFactory.getLogger(ClientCall.class);

  private sealed interface Place {}

  private record Waiting() implements Place {}

  private record On(ClientConnection connection) implements Place {}

  private record Over() implements Place {}

  private static final Place WAITING = new Waiting();
  private static final Place OVER = new Over();

  private final ClientRequest request;
  private final ResponseListener listener;
  private final @Nullable LinkListener link;
  private final boolean isWhole;
  private final ClientCounters counters;
  private final AtomicReference<Place> place = new AtomicReference<>(WAITING);
  private volatile boolean isPaused;
  private volatile @Nullable Future<?> timer;

  /**
   * @param link what the connection is to become; null for an ordinary request
   * @param isWhole true if the request's time covers the body too
   */
  ClientCall(
      ClientRequest request,
      ResponseListener listener,
      @Nullable LinkListener link,
      boolean isWhole,
      ClientCounters counters) {
    this.request = request;
    this.listener = listener;
    this.link = link;
    this.isWhole = isWhole;
    this.counters = counters;
  }

  ClientRequest request() {
    return request;
  }

  @Nullable LinkListener link() {
    return link;
  }

  boolean isWhole() {
    return isWhole;
  }

  boolean isPaused() {
    return isPaused;
  }

  /** What ends it if it takes too long. Before it is handed to a connection. */
  void timer(Future<?> running) {
    timer = running;
  }

  private void stopTimer() {
    Future<?> running = timer;
    if (running != null) {
      running.cancel(false);
    }
  }

  boolean isOver() {
    return place.get() instanceof Over;
  }

  /** False if it is over already. */
  boolean attach(ClientConnection connection) {
    return place.compareAndSet(WAITING, new On(connection));
  }

  /** Any thread. */
  void fail(HttpFailure.Kind kind, String what, @Nullable Throwable cause) {
    if (place.compareAndSet(WAITING, OVER)) {
      tellFailure(kind, what, cause);
    } else if (place.get() instanceof On(ClientConnection connection)) {
      connection.fail(this, kind, what, cause);
    }
  }

  @Override
  public void cancel() {
    fail(HttpFailure.Kind.CANCELLED, "cancelled", null);
  }

  @Override
  public void pause() {
    setPaused(true);
  }

  @Override
  public void resume() {
    setPaused(false);
  }

  private void setPaused(boolean paused) {
    isPaused = paused;
    if (place.get() instanceof On(ClientConnection connection)) {
      connection.pauseChanged();
    }
  }

  // ---- The connection's event loop

  void head(int status, Headers headers) {
    if (!isWhole) {
      stopTimer();
    }
    counters.answered(status);
    listener.onHead(this, status, headers);
  }

  void body(byte[] bytes) {
    listener.onBody(bytes);
  }

  void becameLink() {
    place.set(OVER);
    stopTimer();
    counters.answered(101);
  }

  void ended() {
    place.set(OVER);
    stopTimer();
    try {
      listener.onEnd();
    } catch (RuntimeException broken) {
      LOG.error("{}: its listener failed", request, broken);
    }
  }

  /** Or the thread that kept it from ever getting a connection. */
  void tellFailure(HttpFailure.Kind kind, String what, @Nullable Throwable cause) {
    place.set(OVER);
    stopTimer();
    counters.failed(kind);
    try {
      listener.onFailure(new HttpFailure(kind, request + ": " + what, cause));
    } catch (RuntimeException broken) {
      LOG.error("{}: its listener failed", request, broken);
    }
  }
}
