package io.perigee.net.server;

import io.netty.util.concurrent.EventExecutor;
import io.perigee.net.wire.Alarm;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a connection waits for and how long it may. Event loop. */
final class Deadlines {
  /**
   * How long the client may take to read the last answer and close. Closing at once while it still
   * sends would reset the connection and take the answer with it (RFC 9112, section 9.6).
   */
  private static final Duration LINGER = Duration.ofSeconds(2);

  private final HttpLimits limits;
  private final ServerCounters counters;
  private final Runnable onDue;
  private final Alarm alarm;
  private Waiting waiting = Waiting.FOR_NOTHING;
  private long sinceNanos = System.nanoTime();

  /** What the client has to do next. */
  enum Waiting {
    /** It is the server's turn. */
    FOR_NOTHING(null),
    FOR_REQUEST(Limit.IDLE_TIME),
    FOR_REST_OF_HEAD(Limit.HEADER_TIME),
    FOR_REST_OF_BODY(Limit.STALL_TIME),
    FOR_ANSWER_TO_BE_READ(Limit.STALL_TIME),
    FOR_CLOSE(null);

    private final @Nullable Limit limit;

    Waiting(@Nullable Limit limit) {
      this.limit = limit;
    }
  }

  Deadlines(ServerParts parts, EventExecutor loop, Runnable onDue) {
    this.limits = parts.limits();
    this.counters = parts.counters();
    this.onDue = onDue;
    this.alarm = new Alarm(loop, this::due);
  }

  /** The time runs from now if it waited for something else before. */
  void waitFor(Waiting now) {
    if (now != waiting) {
      waiting = now;
      progress();
    }
    alarm.set(now == Waiting.FOR_NOTHING ? Alarm.NEVER : sinceNanos + time().toNanos());
  }

  /** The time runs anew. */
  void progress() {
    sinceNanos = System.nanoTime();
  }

  void stop() {
    alarm.stop();
  }

  private Duration time() {
    return switch (waiting) {
      case FOR_NOTHING -> Duration.ZERO;
      case FOR_REQUEST -> limits.idleTime();
      case FOR_REST_OF_HEAD -> limits.headerTime();
      case FOR_REST_OF_BODY, FOR_ANSWER_TO_BE_READ -> limits.stallTime();
      case FOR_CLOSE -> LINGER;
    };
  }

  private void due() {
    if (System.nanoTime() - sinceNanos < time().toNanos()) {
      waitFor(waiting); // There was progress since the alarm was set.
      return;
    }
    if (waiting.limit != null) {
      counters.struck(waiting.limit);
    }
    onDue.run();
  }
}
