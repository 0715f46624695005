package io.perigee.endpoints;

import io.perigee.common.unit.Durations;
import io.perigee.net.http.Request;
import io.perigee.net.http.Response;
import io.perigee.net.server.Route;
import java.time.Duration;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * How much the process logs, as Mesos counts it: 0 is the usual, 1 to 3 are more and more. A level
 * that was set holds for a while, then the usual comes back. Safe for all threads. Source:
 * libprocess' logging.cpp.
 */
public final class LogVerbosity {
  private static final int USUAL = 0;

  private final IntConsumer target;
  private int level = USUAL;

  /** Sleeps until the usual level is due again; a timer would keep what is called off. */
  private @Nullable Thread revert;

  /**
   * @param target makes the process log that much; {@link LogbackLevels#set} where logback logs
   */
  public LogVerbosity(IntConsumer target) {
    this.target = target;
  }

  /** As it was set last, also if no logger knows such a level. */
  public synchronized int level() {
    return level;
  }

  /**
   * Sets the level for a while.
   *
   * @param newLevel any number: those below 0 are as 0, those above 3 as 3
   */
  public synchronized void set(int newLevel, Duration duration) {
    if (revert != null) {
      revert.interrupt();
    }
    become(newLevel);
    revert =
        newLevel == USUAL
            ? null
            : Thread.ofVirtual().name("log-verbosity").start(() -> revertAfter(duration));
  }

  private void revertAfter(Duration duration) {
    try {
      Thread.sleep(duration);
    } catch (InterruptedException setAnew) {
      return;
    }
    synchronized (this) {
      if (Thread.currentThread().equals(revert)) {
        become(USUAL);
      }
    }
  }

  private void become(int newLevel) {
    level = newLevel;
    target.accept(newLevel);
  }

  /** {@code /logging/toggle?level=1&duration=15mins}; without a query it tells the level. */
  public Route route() {
    return Route.at("/logging/toggle", (request, to) -> to.respond(toggle(request)));
  }

  Response toggle(Request request) {
    String levelText = request.query("level");
    String durationText = request.query("duration");
    if (levelText == null && durationText == null) {
      return Response.text(200, level() + "\n");
    }
    if (levelText == null || durationText == null) {
      return Response.text(
          400, "Expecting '" + (levelText == null ? "level" : "duration") + "=value' in query.\n");
    }
    int wanted;
    try {
      wanted = Integer.parseInt(levelText);
    } catch (NumberFormatException malformed) {
      return Response.text(400, "Failed to convert '" + levelText + "' to number.\n");
    }
    if (wanted < USUAL) {
      return Response.text(400, "Invalid level '" + levelText + "'.\n");
    }
    try {
      set(wanted, Durations.parse(durationText));
    } catch (IllegalArgumentException malformed) {
      return Response.text(
          400,
          "Invalid duration '" + durationText + "': expecting " + malformed.getMessage() + ".\n");
    }
    return Response.of(200);
  }
}
