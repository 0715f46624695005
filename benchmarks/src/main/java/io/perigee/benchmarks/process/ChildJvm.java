package io.perigee.benchmarks.process;

import io.perigee.benchmarks.Broken;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A JVM of its own. It says one line when it is ready, and ends when its input does. */
public final class ChildJvm implements AutoCloseable {
  private static final long READY_SECONDS = 30;
  private static final long END_SECONDS = 10;

  private final Process process;
  private final BufferedReader out;
  private final String firstLine;
  private final long readyNanos;

  private ChildJvm(Process process, BufferedReader out, String firstLine, long readyNanos) {
    this.process = process;
    this.out = out;
    this.firstLine = firstLine;
    this.readyNanos = readyNanos;
  }

  /**
   * Starts one and waits for its line.
   *
   * @param flags of the JVM
   */
  public static ChildJvm start(
      String classPath, List<String> flags, Class<?> main, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.add("-Dlogback.configurationFile=logback-benchmarks.xml");
    command.addAll(List.of("-cp", classPath, main.getName()));
    command.addAll(arguments);
    long start = System.nanoTime();
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try {
      BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
      String line = firstLine(out);
      return new ChildJvm(process, out, line, System.nanoTime() - start);
    } catch (IOException | InterruptedException | RuntimeException failed) {
      process.destroyForcibly();
      throw failed;
    }
  }

  private static String firstLine(BufferedReader out) throws IOException, InterruptedException {
    CompletableFuture<String> line = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            String read = out.readLine();
            line.complete(read == null ? "" : read);
          } catch (IOException broken) {
            line.completeExceptionally(broken);
          }
        });
    try {
      String read = line.get(READY_SECONDS, TimeUnit.SECONDS);
      if (read.isEmpty()) {
        throw new Broken("a process ended before it was ready: its errors are above");
      }
      return read;
    } catch (ExecutionException | TimeoutException e) {
      throw new Broken("a process was not ready within " + READY_SECONDS + " s: " + e);
    }
  }

  /** The line it said when it was ready. */
  public String firstLine() {
    return firstLine;
  }

  /** Sends an empty line and returns the line that it says then. */
  public String ask() throws IOException {
    process.outputWriter().write("\n");
    process.outputWriter().flush();
    String line = out.readLine();
    if (line == null) {
      throw new Broken("a process ended early: its errors are above");
    }
    return line;
  }

  /** From its start until it was ready. */
  public long readyNanos() {
    return readyNanos;
  }

  public long pid() {
    return process.pid();
  }

  @Override
  public void close() throws IOException {
    process.outputWriter().close();
    try {
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
