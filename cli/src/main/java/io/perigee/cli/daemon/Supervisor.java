package io.perigee.cli.daemon;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What started this process and wants to know how it is: systemd, or whatever else speaks {@code
 * sd_notify}. It hears {@code READY=1} once the daemon's decision loop answers, a {@code STATUS=}
 * line for people when that changes, {@code WATCHDOG=1} as often as it asked for while the loop
 * answers, and {@code STOPPING=1}. What cannot be told is logged and never stops the daemon.
 * Source: systemd's sd_notify(3) and sd_watchdog_enabled(3).
 *
 * <p>One thread asks and tells; {@link #stopping} may come from any.
 */
final class Supervisor {
  private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

  /** How old a status may be; each costs the loop one snapshot. */
  private static final Duration PERIOD = Duration.ofSeconds(5);

  /** After a loop that did not answer, or a message that was not taken. */
  private static final Duration RETRY = Duration.ofMillis(200);

  private final Channel channel;
  private final Source source;
  private final Duration period;
  private final boolean hasWatchdog;
  private final Thread thread =
      Thread.ofPlatform().name("supervisor").daemon(true).unstarted(this::run);

  // Guarded by this.
  private boolean isStopping;
  private String lastStatus = "";
  private String lastFailure = "";

  /** Tells how a daemon is. */
  @FunctionalInterface
  interface Source {
    /**
     * One line for people that comes from the daemon's decision loop, so that an answer proves that
     * it decides; null if it did not answer in time.
     */
    @Nullable String status() throws InterruptedException;
  }

  /** Carries messages to the supervisor. */
  @FunctionalInterface
  interface Channel {
    /**
     * Does not wait.
     *
     * @throws IOException if the message was not taken
     */
    void send(String message) throws IOException;
  }

  /**
   * @param watchdog how long it waits for a sign of life; null if it does not
   */
  Supervisor(Channel channel, Source source, @Nullable Duration watchdog) {
    this.channel = channel;
    this.source = source;
    this.hasWatchdog = watchdog != null;
    // A third: two may be late or lost.
    this.period = watchdog == null ? PERIOD : least(PERIOD, watchdog.dividedBy(3));
  }

  private static Duration least(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /**
   * The one that this process was started by; null if there is none, which loads no foreign code.
   *
   * @param environment of which {@code NOTIFY_SOCKET}, {@code WATCHDOG_USEC} and {@code
   *     WATCHDOG_PID} are read
   */
  static @Nullable Supervisor of(Map<String, String> environment, Source source) {
    String address = environment.get("NOTIFY_SOCKET");
    if (address == null || address.isEmpty()) {
      return null;
    }
    try {
      return new Supervisor(new NotifySocket(address)::send, source, watchdog(environment));
    } catch (IOException unusable) {
      LOG.warn("NOTIFY_SOCKET: {}; nobody is told how this daemon is", unusable.getMessage());
      return null;
    }
  }

  /** How long it waits for a sign of life; null if it does not wait for one of this process. */
  static @Nullable Duration watchdog(Map<String, String> environment) {
    String micros = environment.get("WATCHDOG_USEC");
    String pid = environment.get("WATCHDOG_PID");
    boolean isForOther = pid != null && !pid.equals(Long.toString(ProcessHandle.current().pid()));
    if (micros == null || isForOther) {
      return null;
    }
    try {
      long value = Long.parseLong(micros);
      if (value > 0 && value < Long.MAX_VALUE / 1000) {
        return Duration.ofNanos(value * 1000);
      }
    } catch (NumberFormatException notANumber) {
      // Falls through to the one message for both.
    }
    LOG.warn("WATCHDOG_USEC: '{}' is not valid (expected: microseconds, above 0)", micros);
    return null;
  }

  /** Begins to tell. */
  void start() {
    thread.start();
  }

  /** Tells that the daemon stops; nothing else is told afterwards. */
  void stopping() {
    synchronized (this) {
      isStopping = true;
      send("STOPPING=1\nSTATUS=stopping\n");
    }
    thread.interrupt();
  }

  private void run() {
    try {
      while (true) {
        String status = source.status();
        boolean isTold = status != null && tell(status);
        Thread.sleep(isTold ? period : least(period, RETRY));
      }
    } catch (InterruptedException stopped) {
      // By stopping(), which told.
    }
  }

  /** False if it was not taken. */
  private synchronized boolean tell(String status) {
    if (isStopping) {
      return true;
    }
    StringBuilder message = new StringBuilder();
    if (lastStatus.isEmpty()) {
      message.append("READY=1\n");
    }
    if (hasWatchdog) {
      message.append("WATCHDOG=1\n");
    }
    if (!status.equals(lastStatus)) {
      message.append("STATUS=").append(status.replace('\n', ' ')).append('\n');
    }
    if (!message.isEmpty() && !send(message.toString())) {
      return false;
    }
    lastStatus = status;
    return true;
  }

  private synchronized boolean send(String message) {
    try {
      channel.send(message);
      lastFailure = "";
      return true;
    } catch (IOException notTaken) {
      String failure = String.valueOf(notTaken.getMessage());
      if (!failure.equals(lastFailure)) {
        lastFailure = failure;
        LOG.warn("NOTIFY_SOCKET: the supervisor does not hear how this daemon is: {}", failure);
      }
      return false;
    }
  }
}
