package io.perigee.cli.daemon;

import io.perigee.common.ExitCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends the process when a part of it stopped for good: another one starts from what is durable. */
final class Fatal {
  private static final Logger LOG = LoggerFactory.getLogger(Fatal.class);

  private Fatal() {}

  static void stopped(Throwable cause) {
    LOG.error("stopped for good", cause);
    // Not on the loop's own thread: the shutdown hooks wait for that.
    Thread.ofPlatform().name("exit").start(() -> System.exit(ExitCode.BROKEN));
  }
}
