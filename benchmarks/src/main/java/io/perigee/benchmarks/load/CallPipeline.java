package io.perigee.benchmarks.load;

import io.perigee.mesos.v1.scheduler.Call;
import io.perigee.protocol.wire.WireFormat;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Calls of one framework on one connection, each sent without waiting for the answer to the one
 * before, as Mesos' own scheduler library does (mesos/src/scheduler/scheduler.cpp). What it costs
 * the sender is little, so that the master is what is measured. Safe for all threads.
 */
final class CallPipeline implements AutoCloseable {
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final int MOST_AT_ONCE = 256;

  /** Calls that may wait; more are reported as a failure. */
  private static final int MOST_WAITING = 1 << 20;

  private final Socket socket = new Socket();
  private final URI master;
  private final Consumer<String> failures;
  private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>(MOST_WAITING);
  private volatile boolean isClosed;

  /**
   * @param failures hears of refused calls and of a broken connection
   */
  CallPipeline(URI master, Consumer<String> failures) {
    this.master = master;
    this.failures = failures;
  }

  /** Connects and sends what waits, on threads of its own. */
  void start(String streamId) {
    start("calls", () -> write(streamId));
  }

  private void start(String name, Loop loop) {
    Thread.ofPlatform()
        .daemon(true)
        .name(name)
        .start(() -> {
          try {
            loop.run();
          } catch (IOException | InterruptedException broken) {
            if (!isClosed) {
              failures.accept("the connection for calls broke: " + broken);
            }
          }
        });
  }

  /** Sends a call as soon as the connection takes it. */
  void send(Call call) {
    if (!calls.offer(call)) {
      failures.accept(MOST_WAITING + " calls wait");
    }
  }

  private interface Loop {
    void run() throws IOException, InterruptedException;
  }

  private void write(String streamId) throws IOException, InterruptedException {
    socket.setTcpNoDelay(true);
    socket.connect(new InetSocketAddress(master.getHost(), master.getPort()));
    start("answers", this::read);
    byte[] head =
        ("POST /api/v1/scheduler HTTP/1.1\r\nHost: %s\r\nContent-Type: %s\r\nMesos-Stream-Id: %s\r\n"
                + "Content-Length: ")
            .formatted(master.getAuthority(), WireFormat.PROTOBUF.mediaType(), streamId)
            .getBytes(StandardCharsets.US_ASCII);
    OutputStream out = new BufferedOutputStream(socket.getOutputStream(), BUFFER_BYTES);
    List<Call> some = new ArrayList<>();
    while (true) {
      some.add(calls.take());
      calls.drainTo(some, MOST_AT_ONCE);
      for (Call call : some) {
        byte[] body = call.toByteArray();
        out.write(head);
        out.write((body.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        out.write(body);
      }
      out.flush();
      some.clear();
    }
  }

  private void read() throws IOException {
    InputStream in = new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES);
    for (String status = line(in); status != null; status = line(in)) {
      int length = 0;
      for (String field = line(in); field != null && !field.isEmpty(); field = line(in)) {
        if (field.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
          length = Integer.parseInt(field.substring("content-length:".length()).strip());
        }
      }
      byte[] body = in.readNBytes(length);
      if (!status.startsWith("HTTP/1.1 202")) {
        failures.accept(status + " " + new String(body, StandardCharsets.UTF_8));
      }
    }
    throw new IOException("the master closed it");
  }

  private static @Nullable String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(64);
    for (int next = in.read(); next >= 0; next = in.read()) {
      if (next == '\n') {
        return line.toString(StandardCharsets.US_ASCII).stripTrailing();
      }
      line.write(next);
    }
    return null;
  }

  /** Closes the connection; the writer, which may wait for calls, is a daemon thread. */
  @Override
  public void close() throws IOException {
    isClosed = true;
    socket.close();
  }
}
