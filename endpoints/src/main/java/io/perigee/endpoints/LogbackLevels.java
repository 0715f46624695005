package io.perigee.endpoints;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** Makes logback log as much as one of Mesos' levels says. */
public final class LogbackLevels {
  private static final String OURS = "io.perigee";

  private LogbackLevels() {}

  /**
   * Sets the level of our own loggers: 1 is debug, 2 and 3 are trace, all below is what the
   * configuration says. Without logback nothing happens.
   */
  public static void set(int verbosity) {
    if (LoggerFactory.getLogger(OURS) instanceof Logger ours) {
      ours.setLevel(verbosity <= 0 ? null : verbosity == 1 ? Level.DEBUG : Level.TRACE);
    }
  }
}
