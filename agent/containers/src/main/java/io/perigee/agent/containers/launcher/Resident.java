package io.perigee.agent.containers.launcher;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The launcher's process that the agent talks to: one life of it. A thread of its own reads events.
 * Any thread may call the methods.
 */
final class Resident implements AutoCloseable {
  /** Longer lines are no events; the launcher's own are below 2 KiB. */
  private static final int MAX_LINE_BYTES = 8192;

  private static final int PATIENCE_SECONDS = 10;

  /** Hears of one resident, on its own thread. */
  interface Listener {
    void heard(Resident resident, LauncherEvent event);

    /**
     * @param line not an event; escaped and shortened
     */
    void heardGarbage(Resident resident, String line);

    /** Nothing is heard of it any more. Called once. */
    void ended(Resident resident);
  }

  private final Process process;
  private final Listener listener;
  private final BufferedWriter out;
  private final ConcurrentLinkedQueue<String> requests = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final ReentrantLock writing = new ReentrantLock();
  private final CompletableFuture<Integer> version = new CompletableFuture<>();
  private final long startedNanos = System.nanoTime();

  private Resident(Process process, Listener listener) {
    this.process = process;
    this.out = process.outputWriter(StandardCharsets.UTF_8);
    this.listener = listener;
  }

  /**
   * Starts it and waits for its first line.
   *
   * @param command the launcher's program, after whatever runs it
   * @throws IOException if it cannot be run or does not answer as expected; nothing is left then
   */
  static Resident start(List<String> command, Listener listener) throws IOException {
    List<String> words = new ArrayList<>(command);
    words.add("serve");
    ProcessBuilder builder =
        new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT);
    // The launcher needs none, and the agent's may hold secrets that tasks of root could read.
    builder.environment().clear();
    Resident resident = new Resident(builder.start(), listener);
    Thread.ofPlatform().name("launcher-events").daemon(true).start(resident::read);
    try {
      int version = resident.version.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (version != LauncherEvent.VERSION) {
        throw new IOException(
            "it speaks version " + version + ", expected " + LauncherEvent.VERSION);
      }
    } catch (IOException | ExecutionException | TimeoutException | InterruptedException failed) {
      resident.process.destroyForcibly();
      if (failed instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      throw new IOException(
          "the launcher " + String.join(" ", command) + " does not work: " + failed, failed);
    }
    return resident;
  }

  /** From now on its end is told, also if it ended already. */
  void watchEnd() {
    var _ = process.onExit().thenRun(() -> Thread.startVirtualThread(() -> listener.ended(this)));
  }

  /** Queues a request, a line without its end. Somebody has to {@link #flush} it. */
  void send(String request) {
    waiting.incrementAndGet();
    requests.add(request);
  }

  /** Requests that were not written yet. */
  int waiting() {
    return waiting.get();
  }

  /**
   * Writes what is queued, in its order, unless another thread is at it. Blocks while the launcher
   * does not read.
   */
  void flush() {
    // Who comes while another writes leaves its request to that one, which looks again at the end.
    while (!requests.isEmpty() && writing.tryLock()) {
      try {
        for (String request = requests.poll(); request != null; request = requests.poll()) {
          waiting.decrementAndGet();
          out.write(request);
          out.write('\n');
        }
        out.flush();
      } catch (IOException gone) {
        // Its end is told by itself; what was not written is asked for again then.
        return;
      } finally {
        writing.unlock();
      }
    }
  }

  long pid() {
    return process.pid();
  }

  long ageNanos() {
    return System.nanoTime() - startedNanos;
  }

  /** Writes what is queued, then ends it; kills it if that takes too long. */
  @Override
  public void close() {
    Thread.startVirtualThread(this::endRequests);
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException stopped) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private void endRequests() {
    flush();
    try {
      out.close();
    } catch (IOException gone) {
      // It ended by itself.
    }
  }

  private void read() {
    byte[] line = new byte[MAX_LINE_BYTES];
    byte[] chunk = new byte[65536];
    int length = 0;
    try (InputStream in = process.getInputStream()) {
      int got;
      // When the process ends the JDK reads what is left on a thread of its own, so that bytes can
      // be missing here in between: after that moment nothing is believed any more.
      while ((got = in.read(chunk)) > 0 && process.isAlive()) {
        for (int i = 0; i < got; i++) {
          if (chunk[i] != '\n') {
            line[Math.min(length, MAX_LINE_BYTES - 1)] = chunk[i];
            length++;
          } else {
            take(new String(line, 0, Math.min(length, MAX_LINE_BYTES), StandardCharsets.UTF_8));
            length = 0;
          }
        }
      }
      version.completeExceptionally(new IOException("it ended"));
    } catch (IOException gone) {
      version.completeExceptionally(gone);
    }
  }

  private void take(String line) {
    Optional<LauncherEvent> event = LauncherEvent.parse(line);
    if (event.isEmpty()) {
      String shown = line.substring(0, Math.min(line.length(), 200));
      listener.heardGarbage(this, shown.replaceAll("\\p{Cntrl}", "?"));
    } else if (event.get() instanceof LauncherEvent.Hello hello) {
      version.complete(hello.version());
    } else {
      listener.heard(this, event.get());
    }
  }
}
