package io.perigee.net.wire;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One deadline that moves often. Moving it later costs nothing: the task already scheduled looks
 * again when it runs.
 */
public final class Alarm {
  public static final long NEVER = Long.MAX_VALUE;

  private final EventExecutor loop;
  private final Runnable onDue;
  private long dueNanos = NEVER;
  private long scheduledNanos = NEVER;
  private @Nullable Future<?> scheduled;

  public Alarm(EventExecutor loop, Runnable onDue) {
    this.loop = loop;
    this.onDue = onDue;
  }

  /**
   * Replaces the deadline.
   *
   * @param nanos on {@link System#nanoTime}'s scale, or {@link #NEVER}
   */
  public void set(long nanos) {
    dueNanos = nanos;
    if (nanos == NEVER || (scheduledNanos != NEVER && scheduledNanos - nanos <= 0)) {
      return;
    }
    cancelTask();
    schedule();
  }

  /** Ends it for good. */
  public void stop() {
    dueNanos = NEVER;
    cancelTask();
  }

  private void schedule() {
    scheduledNanos = dueNanos;
    scheduled =
        loop.schedule(this::look, Math.max(0, dueNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
  }

  private void look() {
    scheduled = null;
    scheduledNanos = NEVER;
    if (dueNanos == NEVER) {
      return;
    }
    if (dueNanos - System.nanoTime() > 0) {
      schedule();
      return;
    }
    dueNanos = NEVER;
    onDue.run();
  }

  private void cancelTask() {
    if (scheduled != null) {
      scheduled.cancel(false);
      scheduled = null;
      scheduledNanos = NEVER;
    }
  }
}
