package io.perigee.net.server;

import static io.perigee.net.RawClient.crlf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perigee.net.RawClient;
import io.perigee.net.RecordingAppender;
import io.perigee.net.TestServer;
import io.perigee.net.http.Headers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Answers that are pushed piece by piece. */
@Timeout(60)
class StreamIT {
  private static final long BUFFER_BYTES = 200_000;

  private final LinkedBlockingQueue<ResponseStream> opened = new LinkedBlockingQueue<>();
  private final LinkedBlockingQueue<StreamEnd> ended = new LinkedBlockingQueue<>();
  private final LinkedBlockingQueue<String> writable = new LinkedBlockingQueue<>();
  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    StreamListener listener =
        new StreamListener() {
          @Override
          public void onEnd(StreamEnd reason) {
            ended.add(reason);
          }

          @Override
          public void onWritable() {
            writable.add("again");
          }
        };
    server =
        new TestServer(
            HttpLimits.builder().streamBufferBytes(BUFFER_BYTES).build(),
            Route.at(
                "/stream",
                (request, responder) ->
                    opened.add(responder.openStream(200, Headers.of("Stream-Id", "7"), listener))));
  }

  @AfterEach
  void stop() {
    server.close();
    assertThat(server.counters.get("http_streams_open")).isZero();
    assertThat(ended).as("ends that were told twice").isEmpty();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The end of the only stream. */
  private StreamEnd end() throws InterruptedException {
    StreamEnd end = nextEnd();
    assertThat(server.counters.get("http_streams_open")).isZero();
    return end;
  }

  private StreamEnd nextEnd() throws InterruptedException {
    StreamEnd end = ended.poll(20, TimeUnit.SECONDS);
    assertThat(end).isNotNull();
    return end;
  }

  private static String chunk(String text) {
    return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
  }

  @Test
  void eachSendIsOneChunkAndCloseKeepsTheConnection() throws Exception {
    try (RawClient client = server.connect()) {
      client.send("GET /stream HTTP/1.1\r\n\r\nGET /none HTTP/1.1\r\n\r\n");
      ResponseStream stream = opened.take();
      assertThat(client.readUntil("\r\n\r\n"))
          .endsWith(crlf("\nStream-Id: 7\nTransfer-Encoding: chunked\n\n"))
          .doesNotContain("Content-Length", "Connection");
      String record = "156\n" + "x".repeat(156);
      assertThat(stream.send(bytes(record))).isTrue();
      assertThat(stream.send(out -> out.write(bytes("encoded")), 3)).isTrue();
      assertThat(stream.send(new byte[0])).isTrue();
      assertThat(stream.send(out -> {}, 100)).isTrue();
      stream.close();
      stream.close();
      assertThat(stream.send(bytes("late"))).isFalse();
      String expected = "a0\r\n" + record + "\r\n7\r\nencoded\r\n0\r\n\r\n";
      assertThat(client.read(expected.length())).isEqualTo(expected);
      assertThat(client.readResponse()).startsWith("HTTP/1.1 404 ");
      assertThat(end()).isEqualTo(StreamEnd.CLOSED_BY_SERVER);
    }
    assertThat(server.counters.get("http_streams_ended_total{reason=\"closed_by_server\"}"))
        .isEqualTo(1);
  }

  @Test
  void streamOutlivesConnectionCloseOfTheRequest() throws Exception {
    try (RawClient client = server.connect()) {
      client.send("GET /stream HTTP/1.1\r\nConnection: close\r\n\r\n");
      ResponseStream stream = opened.take();
      assertThat(client.readUntil("\r\n\r\n")).contains("Transfer-Encoding: chunked\r\n");
      for (int i = 0; i < 3; i++) {
        stream.send(bytes("event"));
        assertThat(client.read(10)).isEqualTo(chunk("event"));
      }
      stream.close();
      assertThat(client.readToEnd()).isEqualTo("0\r\n\r\n");
      assertThat(end()).isEqualTo(StreamEnd.CLOSED_BY_SERVER);
    }
  }

  @Test
  void oldClientGetsThePlainBytes() throws Exception {
    try (RawClient client = server.connect()) {
      client.send("GET /stream HTTP/1.0\r\n\r\n");
      ResponseStream stream = opened.take();
      stream.send(bytes("one"));
      stream.send(out -> out.write(bytes("two")), 3);
      stream.close();
      assertThat(client.readToEnd()).doesNotContain("chunked").endsWith("\r\n\r\nonetwo");
      assertThat(end()).isEqualTo(StreamEnd.CLOSED_BY_SERVER);
    }
  }

  @Test
  void headRequestEndsTheStreamAtOnce() throws Exception {
    try (RawClient client = server.connect()) {
      client.send("HEAD /stream HTTP/1.1\r\n\r\n");
      assertThat(client.readResponse()).contains("Transfer-Encoding: chunked\r\n");
      assertThat(end()).isEqualTo(StreamEnd.CLOSED_BY_SERVER);
      assertThat(opened.take().send(bytes("x"))).isFalse();
      assertThat(client.send("GET /none HTTP/1.1\r\n\r\n").readResponse()).contains(" 404 ");
    }
  }

  @Test
  void everyThreadsMessagesComeInItsOrder() throws Exception {
    int threads = 4;
    int messages = 5_000;
    try (RawClient client = server.connect()) {
      client.send("GET /stream HTTP/1.1\r\n\r\n");
      ResponseStream stream = opened.take();
      client.readUntil("\r\n\r\n");
      List<Thread> senders = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        String name = "ABCD".substring(t, t + 1);
        senders.add(
            Thread.ofPlatform()
                .start(() -> {
                  for (int i = 0; i < messages; i++) {
                    while (!stream.isWritable()) {
                      Thread.onSpinWait();
                    }
                    byte[] message = bytes(name + (100_000 + i));
                    boolean isTaken =
                        i % 2 == 0
                            ? stream.send(message)
                            : stream.send(out -> out.write(message), 1);
                    assertThat(isTaken).isTrue();
                  }
                }));
      }
      int[] next = new int[threads];
      for (int i = 0; i < threads * messages; i++) {
        String chunk = client.read(12);
        int thread = chunk.charAt(3) - 'A';
        assertThat(chunk)
            .isEqualTo("7\r\n" + "ABCD".charAt(thread) + (100_000 + next[thread]++) + "\r\n");
      }
      for (Thread sender : senders) {
        sender.join();
      }
    }
    assertThat(end()).isEqualTo(StreamEnd.CLIENT_GONE);
    assertThat(server.counters.get("http_stream_messages_total")).isEqualTo(20_000);
  }

  @Test
  void messagesAreEncodedOnTheEventLoop() throws Exception {
    try (RawClient client = server.connect()) {
      client.send("GET /stream HTTP/1.1\r\n\r\n");
      ResponseStream stream = opened.take();
      CompletableFuture<String> thread = new CompletableFuture<>();
      stream.send(
          out -> {
            thread.complete(Thread.currentThread().getName());
            out.write(1);
          },
          1);
      assertThat(thread.get()).startsWith("test-server");
    }
    assertThat(end()).isEqualTo(StreamEnd.CLIENT_GONE);
  }

  @Test
  void encoderThatThrowsEndsTheStream() throws Exception {
    try (RawClient client = server.connect()) {
      client.send("GET /stream HTTP/1.1\r\n\r\n");
      ResponseStream stream = opened.take();
      client.readUntil("\r\n\r\n");
      stream.send(
          out -> {
            out.write(bytes("half"));
            throw new IOException("broken on purpose");
          },
          10);
      assertThat(client.readToEnd()).isEmpty();
      assertThat(end()).isEqualTo(StreamEnd.ENCODER_FAILED);
    }
    assertThat(RecordingAppender.take())
        .containsExactly("GET /stream: an encoder failed, the stream ends: broken on purpose");
  }

  @Test
  void readerThatStopsIsDisconnectedWhenItsBufferIsFull() throws Exception {
    try (RawClient client = new RawClient(server.address(), 4096)) {
      client.send("GET /stream HTTP/1.1\r\n\r\n");
      ResponseStream stream = opened.take();
      byte[] message = new byte[1000];
      long sent = 0;
      while (stream.isWritable()) {
        assertThat(stream.send(message)).isTrue();
        sent++;
      }
      assertThat(ended).isEmpty();
      while (stream.send(message)) {
        sent++;
      }
      assertThat(end()).isEqualTo(StreamEnd.SLOW_READER);
      // The kernel's buffers for one loopback connection are a few megabytes, ours are bounded.
      assertThat(sent * message.length).isLessThan(32 << 20);
      assertThat(stream.isWritable()).isFalse();
    }
    assertThat(server.counters.get("http_streams_ended_total{reason=\"slow_reader\"}"))
        .isEqualTo(1);
    await().until(() -> server.counters.get("http_connections_open") == 0);
  }

  @Test
  void tinyAndUnderestimatedMessagesAreBoundedToo() throws Exception {
    for (boolean isTiny : List.of(true, false)) {
      try (RawClient client = new RawClient(server.address(), 4096)) {
        client.send("GET /stream HTTP/1.1\r\n\r\nGET /stream HTTP/1.1\r\n\r\n");
        opened.take();
        // The second stream waits behind the first, so nothing of it can leave.
        ResponseStream stream = opened.take();
        int sent = 0;
        while (isTiny ? stream.send(new byte[0]) : stream.send(out -> out.write(bytes("x")), -5)) {
          sent++;
        }
        assertThat(sent).isBetween((int) BUFFER_BYTES / 70, (int) BUFFER_BYTES / 64);
        assertThat(List.of(nextEnd(), nextEnd()))
            .containsExactlyInAnyOrder(StreamEnd.SLOW_READER, StreamEnd.CLIENT_GONE);
      }
    }
  }

  @Test
  void senderIsToldWhenThereIsRoomAgain() throws Exception {
    try (RawClient client = new RawClient(server.address(), 4096)) {
      client.send("GET /stream HTTP/1.1\r\n\r\n");
      ResponseStream stream = opened.take();
      client.readUntil("\r\n\r\n");
      long sent = 0;
      for (; stream.isWritable(); sent++) {
        stream.send(new byte[1000]);
      }
      assertThat(writable).isEmpty();
      client.read((int) (sent * 1007));
      assertThat(writable.poll(20, TimeUnit.SECONDS)).isEqualTo("again");
      assertThat(stream.isWritable()).isTrue();
    }
    assertThat(end()).isEqualTo(StreamEnd.CLIENT_GONE);
  }

  @Test
  void largeMessageIsWrittenAsOneChunk() throws Exception {
    try (RawClient client = server.connect()) {
      client.send("GET /stream HTTP/1.1\r\n\r\n");
      ResponseStream stream = opened.take();
      client.readUntil("\r\n\r\n");
      String large = "x".repeat(150_000);
      stream.send(out -> out.write(bytes(large)), 100);
      stream.close();
      assertThat(client.read(150_009)).isEqualTo(chunk(large));
      assertThat(end()).isEqualTo(StreamEnd.CLOSED_BY_SERVER);
    }
  }

  @Test
  void messageCountsInFullOnceItIsEncoded() throws Exception {
    try (RawClient client = server.connect()) {
      client.send("GET /stream HTTP/1.1\r\n\r\n");
      opened.take().send(out -> out.write(new byte[(int) BUFFER_BYTES + 1]), 1);
      assertThat(end()).isEqualTo(StreamEnd.SLOW_READER);
    }
  }

  @Test
  void clientThatIsGoneBeforeTheAnswerIsReported() throws Exception {
    CompletableFuture<Responder> waiting = new CompletableFuture<>();
    try (TestServer other =
        new TestServer(
            HttpLimits.defaults(), Route.at("/", (q, responder) -> waiting.complete(responder)))) {
      try (RawClient client = other.connect()) {
        client.send("GET / HTTP/1.1\r\n\r\n");
        waiting.get();
      }
      await().until(() -> other.counters.get("http_connections_open") == 0);
      ResponseStream stream = waiting.get().openStream(200, Headers.EMPTY, ended::add);
      assertThat(end()).isEqualTo(StreamEnd.CLIENT_GONE);
      assertThat(stream.send(bytes("x"))).isFalse();
      assertThat(other.counters.get("http_streams_open")).isZero();
    }
  }

  @Test
  void stopEndsStreamsWithWhatTheyHaveStillToSend() throws Exception {
    try (RawClient client = server.connect()) {
      client.send("GET /stream HTTP/1.1\r\n\r\n");
      ResponseStream stream = opened.take();
      client.readUntil("\r\n\r\n");
      stream.send(bytes("last"));
      Thread stop = Thread.ofVirtual().start(() -> server.server.stop(Duration.ofSeconds(20)));
      assertThat(client.readToEnd()).isEqualTo(chunk("last") + "0\r\n\r\n");
      assertThat(end()).isEqualTo(StreamEnd.SHUTDOWN);
      assertThat(stream.send(bytes("x"))).isFalse();
      client.socket().close();
      stop.join();
    }
  }

  @Test
  void stopDoesNotWaitForAReaderThatStopped() throws Exception {
    try (RawClient client = new RawClient(server.address(), 4096)) {
      client.send("GET /stream HTTP/1.1\r\n\r\n");
      ResponseStream stream = opened.take();
      while (stream.isWritable()) {
        stream.send(new byte[1000]);
      }
      server.server.stop(Duration.ofMillis(100));
      assertThat(end()).isEqualTo(StreamEnd.SHUTDOWN);
    }
  }
}
