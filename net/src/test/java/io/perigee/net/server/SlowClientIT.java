package io.perigee.net.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perigee.net.RawClient;
import io.perigee.net.TestServer;
import io.perigee.net.http.Response;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that stop in the middle, or are too many. */
@Timeout(60)
class SlowClientIT {
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final Duration LONG = Duration.ofSeconds(50);
  private static final Route ROOT =
      Route.at("/", (request, responder) -> responder.respond(Response.of(200)));

  @SuppressWarnings("NullAway.Init") // Each test starts its own.
  private TestServer server;

  private static HttpLimits.Builder patient() {
    return HttpLimits.builder().headerTime(LONG).stallTime(LONG).idleTime(LONG);
  }

  @AfterEach
  void stop() {
    await().until(() -> server.counters.get("http_connections_open") == 0);
    server.close();
  }

  private long strikes(String limit) {
    return server.counters.get("http_limit_strikes_total{limit=\"" + limit + "\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"G", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: h\r\nX"})
  void halfSentHeadIsClosed(String half) throws Exception {
    server = new TestServer(patient().headerTime(SHORT).build(), ROOT);
    try (RawClient client = server.connect()) {
      client.send("GET / HTTP/1.1\r\n\r\n" + half);
      assertThat(client.readResponse()).startsWith("HTTP/1.1 200 ");
      assertThat(client.readToEnd()).isEmpty();
    }
    assertThat(strikes("header_time")).isEqualTo(1);
  }

  @Test
  void headThatComesByteByByteIsClosedToo() throws Exception {
    server = new TestServer(patient().headerTime(SHORT).build(), ROOT);
    try (RawClient client = server.connect()) {
      client.send("GET / HTTP/1.1\r\n");
      while (strikes("header_time") == 0) {
        client.send("X");
        Thread.sleep(10);
      }
    } catch (java.io.IOException closed) {
      assertThat(strikes("header_time")).isEqualTo(1);
    }
  }

  @Test
  void bodyThatStopsIsClosedAndOneThatIsSlowIsNot() throws Exception {
    server =
        new TestServer(
            patient().stallTime(SHORT.multipliedBy(4)).build(),
            Route.at(
                "/",
                (request, responder) ->
                    responder.respond(Response.of(200, "a/b", request.body()))));
    try (RawClient client = server.connect()) {
      client.send("POST / HTTP/1.1\r\nContent-Length: 30\r\n\r\n");
      for (int i = 0; i < 30; i++) {
        client.send("x");
        Thread.sleep(SHORT.toMillis() / 5);
      }
      assertThat(client.readResponse()).endsWith("\r\n\r\n" + "x".repeat(30));
      client.send("POST / HTTP/1.1\r\nContent-Length: 30\r\n\r\nxxx");
      assertThat(client.readToEnd()).isEmpty();
    }
    assertThat(strikes("stall_time")).isEqualTo(1);
  }

  @Test
  void idleConnectionIsClosedAndBusyOneIsNot() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    server =
        new TestServer(
            patient().idleTime(SHORT).build(),
            ROOT,
            Route.onWorker(
                "/slow",
                (request, responder) -> {
                  release.await();
                  responder.respond(Response.of(200));
                }));
    try (RawClient idle = server.connect();
        RawClient used = server.connect();
        RawClient busy = server.connect()) {
      busy.send("GET /slow HTTP/1.1\r\n\r\n");
      used.send("GET / HTTP/1.1\r\n\r\n");
      assertThat(used.readResponse()).startsWith("HTTP/1.1 200 ");
      assertThat(idle.readToEnd()).isEmpty();
      assertThat(used.readToEnd()).isEmpty();
      assertThat(strikes("idle_time")).isEqualTo(2);
      release.countDown();
      assertThat(busy.readResponse()).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void clientThatDoesNotReadItsAnswerIsClosed() throws Exception {
    server =
        new TestServer(
            patient().stallTime(SHORT).build(),
            Route.at(
                "/",
                (request, responder) ->
                    responder.respond(Response.of(200, "a/b", new byte[20 << 20]))));
    try (RawClient client = new RawClient(server.address(), 4096)) {
      client.send("GET / HTTP/1.1\r\n\r\n".repeat(10));
      await().until(() -> strikes("stall_time") == 1);
    }
    // One answer was begun; the other requests waited unread instead of piling up answers.
    assertThat(server.counters.get("http_requests_total{code=\"2xx\"}")).isEqualTo(1);
  }

  @Test
  void slowReaderOfALargeAnswerIsNotClosed() throws Exception {
    byte[] large = new byte[4 << 20];
    server =
        new TestServer(
            patient().stallTime(SHORT.multipliedBy(4)).build(),
            Route.at("/", (q, a) -> a.respond(Response.of(200, "a/b", large))));
    try (RawClient client = new RawClient(server.address(), 64 * 1024)) {
      client.send("GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
      client.readUntil("\r\n\r\n");
      for (int i = 0; i < 32; i++) {
        assertThat(client.read(large.length / 32)).hasSize(large.length / 32);
        Thread.sleep(SHORT.toMillis() / 5);
      }
      assertThat(client.readToEnd()).isEmpty();
    }
    assertThat(strikes("stall_time")).isZero();
  }

  @Test
  void connectionBeyondTheLimitIsClosedAtOnce() throws Exception {
    server = new TestServer(patient().connections(2).build(), ROOT);
    try (RawClient first = server.connect();
        RawClient second = server.connect()) {
      first.send("GET / HTTP/1.1\r\n\r\n").readResponse();
      second.send("GET / HTTP/1.1\r\n\r\n").readResponse();
      try (RawClient third = server.connect()) {
        assertThat(third.readToEnd()).isEmpty();
      }
      assertThat(first.send("GET / HTTP/1.1\r\n\r\n").readResponse()).startsWith("HTTP/1.1 200 ");
    }
    assertThat(server.counters.snapshot())
        .containsEntry("http_connections_refused_total", 1L)
        .containsEntry("http_limit_strikes_total{limit=\"connections\"}", 1L);
    await().until(() -> server.counters.get("http_connections_open") == 0);
    try (RawClient next = server.connect()) {
      assertThat(next.send("GET / HTTP/1.1\r\n\r\n").readResponse()).startsWith("HTTP/1.1 200 ");
    }
  }
}
