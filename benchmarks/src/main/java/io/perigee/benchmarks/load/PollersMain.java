package io.perigee.benchmarks.load;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

/**
 * Readers of one page in a process of their own, so that what they do with their answers holds up
 * nobody else's clock: {@code http://127.0.0.1:5050/state 20 1000} is twenty of them, each of which
 * asks again 1,000 ms after it has the answer. Says {@code polling}; on a line of input, the
 * nanoseconds that each answer took. Ends when its input does.
 */
public final class PollersMain {
  private PollersMain() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    URI page = URI.create(args[0]);
    long pauseMillis = Long.parseLong(args[2]);
    ConcurrentLinkedQueue<Long> nanos = new ConcurrentLinkedQueue<>();
    for (int i = 0; i < Integer.parseInt(args[1]); i++) {
      Thread.ofPlatform().daemon().start(() -> poll(page, pauseMillis, nanos));
    }
    System.out.println("polling");
    for (int read = System.in.read(); read >= 0; read = System.in.read()) {
      if (read == '\n') {
        System.out.println(nanos.stream().map(String::valueOf).collect(Collectors.joining(" ")));
      }
    }
  }

  private static void poll(URI page, long pauseMillis, ConcurrentLinkedQueue<Long> nanos) {
    byte[] request =
        "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
            .formatted(page.getPath(), page.getAuthority())
            .getBytes(StandardCharsets.US_ASCII);
    byte[] buffer = new byte[256 * 1024];
    try {
      while (true) {
        long start = System.nanoTime();
        read(page, request, buffer);
        nanos.add(System.nanoTime() - start);
        Thread.sleep(pauseMillis);
      }
    } catch (IOException | InterruptedException broken) {
      broken.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }

  private static void read(URI page, byte[] request, byte[] buffer) throws IOException {
    try (Socket socket = new Socket(page.getHost(), page.getPort())) {
      socket.getOutputStream().write(request);
      InputStream in = socket.getInputStream();
      int first = in.readNBytes(buffer, 0, 12);
      String status = new String(buffer, 0, first, StandardCharsets.US_ASCII);
      if (!status.endsWith(" 200")) {
        throw new IOException(page + ": " + status);
      }
      while (in.read(buffer) >= 0) {
        // To its end.
      }
    }
  }
}
