package io.perigee.endtoend;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The {@code perigee} command in a JVM of its own, with the class path of the tests less their own
 * classes.
 */
public final class PerigeeProcess implements AutoCloseable {
  /** Generous: other suites keep both cores busy. */
  public static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Process process;
  private final List<String> outLines = new ArrayList<>();
  private final List<String> errLines = new ArrayList<>();
  private final List<Thread> readers = new ArrayList<>();

  private PerigeeProcess(Process process) {
    this.process = process;
    readers.add(read(process.inputReader(StandardCharsets.UTF_8), outLines));
    readers.add(read(process.errorReader(StandardCharsets.UTF_8), errLines));
  }

  /** What a command that ended left. */
  public record Result(int exitCode, List<String> out, List<String> err) {
    public String errText() {
      return String.join("\n", err);
    }
  }

  /** Starts a command. */
  public static PerigeeProcess start(List<String> arguments) {
    return start(Map.of(), arguments);
  }

  /** Starts a command with further variables in its environment. */
  public static PerigeeProcess start(Map<String, String> environment, List<String> arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "io.perigee.cli.Perigee"));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    // By the environment: the path is longer than some machines take as an argument.
    builder.environment().put("CLASSPATH", classPath());
    builder
        .environment()
        .keySet()
        .removeAll(Set.of("PERIGEE_MASTER", "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"));
    builder.environment().putAll(environment);
    try {
      return new PerigeeProcess(builder.start());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** That of the tests without what is of the tests alone, such as their logging. */
  public static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !entry.endsWith("test-classes") && !entry.endsWith("-tests.jar"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** Runs a command to its end. */
  public static Result run(String... arguments) {
    return run(List.of(arguments));
  }

  /** Runs a command to its end. */
  public static Result run(List<String> arguments) {
    try (PerigeeProcess perigee = start(arguments)) {
      return perigee.awaitEnd();
    }
  }

  private static Thread read(BufferedReader from, List<String> lines) {
    return Thread.startVirtualThread(() -> {
      try {
        for (String line = from.readLine(); line != null; line = from.readLine()) {
          synchronized (lines) {
            lines.add(line);
            lines.notifyAll();
          }
        }
      } catch (IOException closed) {
        // The process was killed.
      }
    });
  }

  /** Waits for a line on stdout. */
  public String awaitLine(Predicate<String> wanted) {
    return awaitLine(outLines, wanted);
  }

  /** Waits for a line on stderr, where daemons log. */
  public String awaitErrLine(Predicate<String> wanted) {
    return awaitLine(errLines, wanted);
  }

  private String awaitLine(List<String> lines, Predicate<String> wanted) {
    long until = System.nanoTime() + PATIENCE.toNanos();
    synchronized (lines) {
      while (true) {
        for (String line : lines) {
          if (wanted.test(line)) {
            return line;
          }
        }
        long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
        if (left <= 0 || !process.isAlive()) {
          throw new AssertionError("no such line in " + outLines + ", stderr " + errLines);
        }
        try {
          lines.wait(Math.min(left, 100));
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }
    }
  }

  public long pid() {
    return process.pid();
  }

  /** As Ctrl-C does. */
  public void interrupt() {
    signal("INT");
  }

  /** As a supervisor does that wants it to end. */
  public void terminate() {
    signal("TERM");
  }

  private void signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Stops reading what it prints, as {@code | head} does. */
  public void closeOutput() {
    try {
      process.getInputStream().close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  public Result awaitEnd() {
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("it goes on; stdout " + outLines + ", stderr " + errLines);
      }
      for (Thread reader : readers) {
        reader.join();
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return new Result(process.exitValue(), List.copyOf(outLines), List.copyOf(errLines));
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      signal("TERM");
      try {
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        process.destroyForcibly();
      }
    }
  }
}
