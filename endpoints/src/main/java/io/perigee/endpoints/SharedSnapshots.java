package io.perigee.endpoints;

import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Gets snapshots of a decision loop's state for readers: each sees at least all that was decided
 * before it asked, and readers that ask while one is on its way share the next. So however many
 * ask, at most two are under way. Safe for all threads.
 */
public final class SharedSnapshots<S> {
  private final BooleanSupplier request;
  private @Nullable CompletableFuture<S> underWay;
  private @Nullable CompletableFuture<S> next;

  /**
   * @param request asks the loop for a snapshot, or says false if it cannot now
   */
  public SharedSnapshots(BooleanSupplier request) {
    this.request = request;
  }

  /** A snapshot from now on; fails if the decision loop is full. */
  public synchronized CompletableFuture<S> latest() {
    if (underWay == null) {
      CompletableFuture<S> asked = new CompletableFuture<>();
      underWay = asked;
      ask(asked);
      return asked;
    }
    if (next == null) {
      next = new CompletableFuture<>();
    }
    return next;
  }

  private void ask(CompletableFuture<S> asked) {
    if (!request.getAsBoolean()) {
      underWay = null;
      asked.completeExceptionally(new IllegalStateException("the decision loop is full"));
    }
  }

  /** The loop's answer. */
  public void delivered(S snapshot) {
    CompletableFuture<S> answered;
    synchronized (this) {
      answered = underWay;
      underWay = next;
      next = null;
      if (underWay != null) {
        ask(underWay);
      }
    }
    if (answered != null) {
      answered.complete(snapshot);
    }
  }
}
