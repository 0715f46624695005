package io.perigee.endtoend.command;

import io.perigee.endtoend.PerigeeProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Stands in for systemd: a datagram socket, which Java cannot listen on, in a Python program.
 * Prints each message as {@code PID 'LINES'}.
 */
final class NotifyReceiver implements AutoCloseable {
  private final Process process;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

  /**
   * Listens when it returns.
   *
   * @param socket a path, or {@code @name}
   * @param folder for the program
   */
  NotifyReceiver(String socket, Path folder) throws IOException, InterruptedException {
    Path program = folder.resolve("receive.py");
    try (InputStream in = NotifyReceiver.class.getResourceAsStream("receive.py")) {
      Files.write(program, in.readAllBytes());
    }
    process =
        new ProcessBuilder("python3", program.toString(), socket).redirectErrorStream(true).start();
    BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
    Thread.startVirtualThread(() -> reader.lines().forEach(lines::add));
    await(line -> line.equals("listening"));
  }

  /** The next message that is wanted; those before it are passed over. */
  String await(Predicate<String> wanted) throws InterruptedException {
    StringBuilder passed = new StringBuilder();
    while (true) {
      String line = lines.poll(PerigeeProcess.PATIENCE.toSeconds(), TimeUnit.SECONDS);
      if (line == null) {
        throw new AssertionError("no such message after: " + passed);
      }
      if (wanted.test(line)) {
        return line;
      }
      passed.append(line).append(", ");
    }
  }

  /** The next message. */
  String next() throws InterruptedException {
    return await(line -> true);
  }

  @Override
  public void close() {
    process.destroy();
  }
}
