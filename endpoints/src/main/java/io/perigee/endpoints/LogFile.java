package io.perigee.endpoints;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.Duration;
import ch.qos.logback.core.util.FileSize;
import io.perigee.common.Problems;
import io.perigee.common.option.Option;
import io.perigee.common.option.OptionValues;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * What a daemon logs, in a file too: {@code --log_dir}. Clients read it under {@code /master/log}
 * or {@code /slave/log}. When it is full it gets a number and a new one begins; there are never
 * more than {@link #MOST_OLD} old ones. Daemons that share a process write into each other's files.
 * Safe for all threads. Source: mesos/src/logging/flags.cpp.
 */
public final class LogFile implements AutoCloseable {
  private static final long MOST_BYTES = 20L << 20;
  private static final int MOST_OLD = 9;
  private static final String LINE = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{0}: %msg%n";

  private final Path path;
  private final Logger root;
  private final RollingFileAppender<ILoggingEvent> appender;

  private LogFile(Path path, Logger root) {
    this.path = path;
    this.root = root;
    this.appender = new RollingFileAppender<>();
    LoggerContext context = root.getLoggerContext();
    String file = path.toString();
    appender.setContext(context);
    appender.setName(file);
    appender.setFile(file);
    appender.setEncoder(encoder(context));
    FixedWindowRollingPolicy naming = new FixedWindowRollingPolicy();
    naming.setContext(context);
    naming.setParent(appender);
    naming.setFileNamePattern(file + ".%i");
    naming.setMaxIndex(MOST_OLD);
    naming.start();
    SizeBasedTriggeringPolicy<ILoggingEvent> size = new SizeBasedTriggeringPolicy<>();
    size.setContext(context);
    size.setMaxFileSize(new FileSize(MOST_BYTES));
    // Looks at each line, which takes a microsecond: its own default is once a minute.
    size.setCheckIncrement(Duration.buildByMilliseconds(0));
    size.start();
    appender.setRollingPolicy(naming);
    appender.setTriggeringPolicy(size);
    appender.start();
    root.addAppender(appender);
  }

  private static LayoutWrappingEncoder<ILoggingEvent> encoder(LoggerContext context) {
    PatternLayout layout = new PatternLayout();
    layout.setContext(context);
    layout.setPattern(LINE);
    layout.setFileHeader("Log file created at: " + Instant.now());
    layout.start();
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setContext(context);
    encoder.setLayout(layout);
    encoder.start();
    return encoder;
  }

  /**
   * Begins to write, behind what a file of that name already has.
   *
   * @param values of which {@code option} is the directory, made if it is not there; without it
   *     there is no file
   * @param program names the file: {@code perigee-master} writes to {@code perigee-master.log}
   * @param problems receives why the file cannot be written
   * @return null if there is none
   */
  public static @Nullable LogFile open(
      OptionValues values, Option<Path> option, String program, Problems problems) {
    Path directory = values.find(option);
    if (directory == null) {
      return null;
    }
    Path path = directory.toAbsolutePath().resolve(program + ".log");
    try {
      Files.createDirectories(path.getParent());
      Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND).close();
    } catch (IOException unusable) {
      problems.add(values.named(option) + ": " + path + " cannot be written: " + unusable);
      return null;
    }
    return LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME) instanceof Logger root
        ? new LogFile(path, root)
        : null;
  }

  /** Absolute. */
  public Path path() {
    return path;
  }

  /** Writes no more. */
  @Override
  public void close() {
    root.detachAppender(appender);
    appender.stop();
  }
}
