package io.perigee.net;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;

/** Keeps everything above debug until a test takes it. */
public final class RecordingAppender extends AppenderBase<ILoggingEvent> {
  private static final LinkedBlockingQueue<ILoggingEvent> EVENTS = new LinkedBlockingQueue<>();

  @Override
  protected void append(ILoggingEvent event) {
    if (event.getLevel().isGreaterOrEqual(Level.INFO)) {
      event.prepareForDeferredProcessing();
      EVENTS.add(event);
    }
  }

  /** All so far as {@code message: exception}, and forgets them. */
  public static List<String> take() {
    List<ILoggingEvent> taken = new ArrayList<>();
    EVENTS.drainTo(taken);
    return taken.stream()
        .map(event ->
            event.getFormattedMessage()
                + (event.getThrowableProxy() == null
                    ? ""
                    : ": " + event.getThrowableProxy().getMessage()))
        .toList();
  }
}
