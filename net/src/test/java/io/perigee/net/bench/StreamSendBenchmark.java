package io.perigee.net.bench;

import io.perigee.net.Encoder;
import io.perigee.net.RawClient;
import io.perigee.net.TestServer;
import io.perigee.net.http.Headers;
import io.perigee.net.server.HttpLimits;
import io.perigee.net.server.ResponseStream;
import io.perigee.net.server.Route;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * What one {@link ResponseStream#send} costs its caller: one thread sends 200-byte messages to 100
 * streams in turn, at full speed and with a pause before each (the event loop sleeps and must be
 * woken). The yardstick is one handover of a task to an idle event loop. Prints nanoseconds.
 */
public final class StreamSendBenchmark {
  private static final int STREAMS = 100;
  private static final int MESSAGES = 2_000_000;
  private static final int PAUSED_MESSAGES = 20_000;
  private static final byte[] MESSAGE = new byte[200];

  private StreamSendBenchmark() {}

  public static void main(String[] arguments) throws Exception {
    LinkedBlockingQueue<ResponseStream> opened = new LinkedBlockingQueue<>();
    try (TestServer server =
        new TestServer(
            HttpLimits.builder().streamBufferBytes(64 << 20).build(),
            Route.at(
                "/",
                (q, responder) ->
                    opened.add(responder.openStream(200, Headers.EMPTY, reason -> {}))))) {
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < STREAMS; i++) {
        RawClient client = server.connect();
        client.socket().setSoTimeout(0);
        client.send("GET / HTTP/1.1\r\n\r\n");
        InputStream in = client.socket().getInputStream();
        Thread.ofVirtual().start(() -> drain(in));
        clients.add(client);
      }
      ResponseStream[] streams = new ResponseStream[STREAMS];
      for (int i = 0; i < STREAMS; i++) {
        streams[i] = opened.take();
      }
      Encoder encoder = out -> out.write(MESSAGE);
      for (int round = 0; round < 4; round++) {
        fullSpeed("bytes", streams, stream -> stream.send(MESSAGE));
        fullSpeed("encoder", streams, stream -> stream.send(encoder, MESSAGE.length));
      }
      paused("bytes, loop asleep", () -> streams[0].send(MESSAGE));
      var loop = server.loops.group().next();
      paused("yardstick: execute, loop asleep", () -> loop.execute(() -> {}));
      paused("yardstick: nanoTime", () -> {});
      for (RawClient client : clients) {
        client.close();
      }
    }
  }

  private static void drain(InputStream in) {
    byte[] buffer = new byte[64 * 1024];
    try {
      while (in.read(buffer) >= 0) {
        // Only to empty the socket.
      }
    } catch (IOException closed) {
      return; // The benchmark is over.
    }
  }

  private interface Send {
    boolean to(ResponseStream stream);
  }

  private static void fullSpeed(String what, ResponseStream[] streams, Send send) {
    long sending = 0;
    long begin = System.nanoTime();
    for (int i = 0; i < MESSAGES; i += STREAMS) {
      while (!streams[0].isWritable()) {
        Thread.onSpinWait();
      }
      long start = System.nanoTime();
      for (ResponseStream stream : streams) {
        if (!send.to(stream)) {
          throw new IllegalStateException("a stream ended");
        }
      }
      sending += System.nanoTime() - start;
    }
    long all = System.nanoTime() - begin;
    System.out.printf(
        "%s at full speed: %d ns a send, %,d messages/s sent%n",
        what, sending / MESSAGES, MESSAGES * 1_000_000_000L / all);
  }

  private static void paused(String what, Runnable task) {
    long[] nanos = new long[PAUSED_MESSAGES];
    for (int i = 0; i < PAUSED_MESSAGES; i++) {
      LockSupport.parkNanos(100_000);
      long start = System.nanoTime();
      task.run();
      nanos[i] = System.nanoTime() - start;
    }
    Arrays.sort(nanos);
    System.out.printf(
        "%s: median %d ns, p99 %d ns%n",
        what, nanos[nanos.length / 2], nanos[nanos.length * 99 / 100]);
  }
}
