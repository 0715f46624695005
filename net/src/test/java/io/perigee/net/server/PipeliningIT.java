package io.perigee.net.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perigee.common.SeededRandom;
import io.perigee.net.RawClient;
import io.perigee.net.TestServer;
import io.perigee.net.http.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Safety: however the bytes of requests are cut, the answers are the same and in order. */
@Timeout(120)
class PipeliningIT {
  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    Handler echo =
        (request, responder) ->
            responder.respond(
                Response.text(
                    200,
                    request.method()
                        + " "
                        + request.path()
                        + " "
                        + request.query("n")
                        + " "
                        + request.body().length
                        + " "
                        + Arrays.hashCode(request.body())));
    server =
        new TestServer(
            HttpLimits.builder().pipelinedRequests(5).build(),
            Route.at("/loop", echo),
            Route.onWorker("/worker", echo),
            Route.at("/later", (q, a) -> Thread.ofVirtual().start(() -> handle(echo, q, a))));
  }

  private static void handle(
      Handler handler, io.perigee.net.http.Request request, Responder responder) {
    try {
      handler.handle(request, responder);
    } catch (Exception broken) {
      throw new IllegalStateException(broken);
    }
  }

  @AfterEach
  void stop() {
    await().until(() -> server.counters.get("http_request_body_bytes") == 0);
    server.close();
  }

  /** The bytes of some requests and what they are answered with. */
  private record Script(ByteArrayOutputStream requests, StringBuilder answers) {
    static Script random(SeededRandom random, int count) {
      Script script = new Script(new ByteArrayOutputStream(), new StringBuilder());
      for (int i = 0; i < count; i++) {
        script.add(random, i);
      }
      return script;
    }

    private void add(SeededRandom random, int n) {
      String path = List.of("/loop", "/worker", "/later", "/none").get(random.nextInt(4));
      byte[] body = new byte[random.chance(0.1) ? random.nextInt(100_000) : random.nextInt(50)];
      for (int i = 0; i < body.length; i++) {
        body[i] = (byte) random.nextInt(8);
      }
      boolean isGzipped = random.chance(0.2);
      byte[] sent = isGzipped ? gzip(body) : body;
      String head =
          "POST %s/x?n=%d HTTP/1.1\r\nHost: h\r\n%s"
              .formatted(path, n, isGzipped ? "Content-Encoding: gzip\r\n" : "");
      if (random.chance(0.5)) {
        write(head + "Content-Length: " + sent.length + "\r\n\r\n");
        requests.writeBytes(sent);
      } else {
        write(head + "Transfer-Encoding: chunked\r\n\r\n");
        for (int at = 0; at < sent.length; ) {
          int length = Math.min(sent.length - at, 1 + random.nextInt(40_000));
          write(Integer.toHexString(length) + "\r\n");
          requests.write(sent, at, length);
          write("\r\n");
          at += length;
        }
        write("0\r\n\r\n");
      }
      boolean isKnown = !path.equals("/none");
      String text =
          isKnown
              ? "POST %s/x %d %d %d".formatted(path, n, body.length, Arrays.hashCode(body))
              : "404 Not Found.";
      answers.append(
          RawClient.crlf(
              """
              HTTP/1.1 %s
              Date: now
              Content-Type: text/plain; charset=utf-8
              Content-Length: %d

              %s\
              """
                  .formatted(isKnown ? "200 OK" : "404 Not Found", text.length(), text)));
    }

    private void write(String text) {
      requests.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] gzip(byte[] plain) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
        out.write(plain);
      } catch (IOException inMemory) {
        throw new UncheckedIOException(inMemory);
      }
      return bytes.toByteArray();
    }
  }

  private String run(Script script, SeededRandom random) throws Exception {
    byte[] bytes = script.requests.toByteArray();
    try (RawClient client = server.connect()) {
      Thread sender =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  sendInPieces(client, bytes, random);
                } catch (IOException closed) {
                  throw new UncheckedIOException(closed);
                }
              });
      StringBuilder answers = new StringBuilder();
      while (answers.length() < script.answers.length()) {
        answers.append(client.readResponse());
      }
      sender.join();
      return answers.toString();
    }
  }

  private static void sendInPieces(RawClient client, byte[] bytes, SeededRandom random)
      throws IOException {
    int pieceBytes = 1 << random.nextInt(17);
    for (int at = 0; at < bytes.length; ) {
      int length = Math.min(bytes.length - at, 1 + random.nextInt(pieceBytes));
      // A few single bytes show every cut; a megabyte of them would show nothing more.
      if (at > 3_000) {
        length = Math.min(bytes.length - at, Math.max(length, 1_000));
      }
      client.send(Arrays.copyOfRange(bytes, at, at + length));
      at += length;
    }
  }

  @Test
  void anyCutOfTheBytesGivesTheSameAnswers() throws Exception {
    long seed = System.nanoTime();
    SeededRandom random = new SeededRandom(seed);
    for (int round = 0; round < 40; round++) {
      Script script = Script.random(random, 1 + random.nextInt(20));
      assertThat(run(script, random))
          .as("seed %d, round %d", seed, round)
          .isEqualTo(script.answers.toString());
    }
  }

  @Test
  void manyClientsAtOnceGetTheirOwnAnswers() throws Exception {
    long seed = System.nanoTime();
    SeededRandom seeds = new SeededRandom(seed);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> clients = new ArrayList<>();
      for (int c = 0; c < 64; c++) {
        SeededRandom random = seeds.split();
        clients.add(
            threads.submit(() -> {
              Script script = Script.random(random, 50);
              assertThat(run(script, random))
                  .as("seed %d", seed)
                  .isEqualTo(script.answers.toString());
              return null;
            }));
      }
      for (Future<?> client : clients) {
        client.get();
      }
    }
    assertThat(server.counters.get("http_connections_total")).isEqualTo(64);
    assertThat(
            server.counters.get("http_requests_total{code=\"2xx\"}")
                + server.counters.get("http_requests_total{code=\"4xx\"}"))
        .isEqualTo(64 * 50);
  }
}
