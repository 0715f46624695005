package io.perigee.net.server;

import static io.perigee.net.RawClient.crlf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.perigee.net.RawClient;
import io.perigee.net.RecordingAppender;
import io.perigee.net.TestServer;
import io.perigee.net.auth.Authentication;
import io.perigee.net.auth.Authenticator;
import io.perigee.net.auth.Principal;
import io.perigee.net.http.Headers;
import io.perigee.net.http.Response;
import io.perigee.net.link.LinkLimits;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests and whole answers: keep-alive, order, encodings, expectations, authentication, failures.
 */
@Timeout(60)
class ExchangeIT {
  private static final Handler ECHO =
      (request, responder) ->
          responder.respond(Response.of(200, "application/octet-stream", request.body()));

  @SuppressWarnings("NullAway.Init") // Each test starts its own.
  private TestServer server;

  private void start(HttpLimits limits, Route... routes) throws Exception {
    server = new TestServer(limits, routes);
  }

  private void start(Route... routes) throws Exception {
    start(HttpLimits.defaults(), routes);
  }

  @AfterEach
  void stop() {
    await().until(() -> server.counters.get("http_request_body_bytes") == 0);
    server.close();
  }

  @Test
  void connectionStaysOpenAsTheVersionDemands() throws Exception {
    start(Route.at("/", ECHO));
    String keptAlive = crlf("HTTP/1.1 200 OK\nDate: now\nContent-Type: application/octet-stream\n");
    try (RawClient client = server.connect()) {
      for (int i = 0; i < 3; i++) {
        client.send("GET / HTTP/1.1\r\n\r\n");
        assertThat(client.readResponse()).isEqualTo(keptAlive + crlf("Content-Length: 0\n\n"));
      }
      client.send("GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
      assertThat(client.readToEnd())
          .isEqualTo(keptAlive + crlf("Connection: close\nContent-Length: 0\n\n"));
    }
    try (RawClient client = server.connect()) {
      client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
      assertThat(client.readResponse())
          .isEqualTo(keptAlive + crlf("Connection: keep-alive\nContent-Length: 0\n\n"));
      client.send("GET / HTTP/1.0\r\n\r\n");
      assertThat(client.readToEnd())
          .isEqualTo(keptAlive + crlf("Connection: close\nContent-Length: 0\n\n"));
    }
  }

  @Test
  void requestsBehindTheLastOneAreNotAnswered() throws Exception {
    LinkedBlockingQueue<String> handled = new LinkedBlockingQueue<>();
    start(
        Route.at(
            "/",
            (request, responder) -> {
              handled.add(request.query("n") + "");
              responder.respond(Response.of(200));
            }));
    String answers =
        server.exchange(
            "GET /?n=1 HTTP/1.1\r\nConnection: close\r\n\r\nGET /?n=2 HTTP/1.1\r\n\r\n");
    assertThat(answers).containsOnlyOnce("HTTP/1.1 200 OK");
    assertThat(handled).containsExactly("1");
  }

  @Test
  void pipelinedAnswersKeepTheirOrderWhoeverIsFirst() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    start(
        Route.onWorker(
            "/slow",
            (request, responder) -> {
              release.await();
              responder.respond(Response.text(200, "slow"));
            }),
        Route.at(
            "/fast",
            (request, responder) -> {
              responder.respond(Response.text(200, "fast"));
              release.countDown();
            }));
    try (RawClient client = server.connect()) {
      client.send("GET /slow HTTP/1.1\r\n\r\nGET /fast HTTP/1.1\r\n\r\n");
      assertThat(client.readResponse()).endsWith("\r\n\r\nslow");
      assertThat(client.readResponse()).endsWith("\r\n\r\nfast");
    }
  }

  @Test
  void handlersOnTheEventLoopSeeRequestsInOrder() throws Exception {
    LinkedBlockingQueue<String> handled = new LinkedBlockingQueue<>();
    start(
        Route.at(
            "/",
            (request, responder) -> {
              handled.add(new String(request.body(), StandardCharsets.UTF_8));
              Thread.ofVirtual().start(() -> responder.respond(Response.of(202)));
            }));
    StringBuilder requests = new StringBuilder();
    for (int i = 100; i < 400; i++) {
      requests.append("POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\n").append(i);
    }
    try (RawClient client = server.connect()) {
      client.send(requests.toString());
      for (int i = 100; i < 400; i++) {
        assertThat(client.readResponse()).startsWith("HTTP/1.1 202 ");
      }
    }
    List<String> order = List.copyOf(handled);
    for (int i = 100; i < 400; i++) {
      assertThat(order.get(i - 100)).isEqualTo(String.valueOf(i));
    }
    // 300 requests do not fit in 64 places: the connection was not read meanwhile.
    assertThat(server.counters.get("http_limit_strikes_total{limit=\"pipelined_requests\"}"))
        .isPositive();
  }

  @Test
  void requestIsTakenApart() throws Exception {
    LinkedBlockingQueue<List<Object>> seen = new LinkedBlockingQueue<>();
    start(
        Route.at(
            "/files/read",
            (request, responder) -> {
              seen.add(
                  List.of(
                      request.method(),
                      request.path(),
                      request.route(),
                      request.queryAll("path"),
                      request.query("offset") + "",
                      request.query("none") + "",
                      request.headers().all("X-A"),
                      request.headers().get("x-b") + "",
                      request.head().target().raw(),
                      request.head().remoteAddress().getAddress().isLoopbackAddress(),
                      request.body().length));
              responder.respond(Response.of(200));
            }));
    server.exchange(
        crlf(
            """
            PUT /master/files/read/r%C3%A4t?path=/a%20b&path=c+d&offset&&x=%2B HTTP/1.1
            X-A: 1
            x-a:  2\s
            X-B: 3
            Connection: close
            Transfer-Encoding: chunked

            3
            abc
            2;x=y
            de
            0
            T: v

            """));
    assertThat(seen.take())
        .containsExactly(
            "PUT",
            "/files/read/rät",
            "/files/read",
            List.of("/a b", "c d"),
            "",
            "null",
            List.of("1", "2"),
            "3",
            "/master/files/read/r%C3%A4t?path=/a%20b&path=c+d&offset&&x=%2B",
            true,
            5);
  }

  @Test
  void continueIsSentWhenTheBodyIsWantedAndItsTurnHasCome() throws Exception {
    start(Route.at("/", ECHO));
    try (RawClient client = server.connect()) {
      client.send("POST / HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
      assertThat(client.readUntil("\r\n\r\n")).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
      client.send("ab");
      assertThat(client.readResponse()).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\nab");
      // With the body at once, nobody waits for it.
      client.send("POST / HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\ncd");
      assertThat(client.readResponse()).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\ncd");
    }
    assertThat(
            server.exchange(
                "POST /no HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"))
        .startsWith("HTTP/1.1 404 ")
        .contains("Connection: close\r\n");
    assertThat(server.exchange("POST / HTTP/1.1\r\nContent-Length: 2\r\nExpect: tea\r\n\r\n"))
        .startsWith("HTTP/1.1 417 Expectation Failed\r\n");
  }

  @Test
  void largeAnswersAreGzippedForThoseWhoAccept() throws Exception {
    byte[] large = "x".repeat(1024).getBytes(StandardCharsets.UTF_8);
    start(
        Route.at("/large", (q, a) -> a.respond(Response.of(200, "application/json", large))),
        Route.at("/small", (q, a) -> a.respond(Response.of(200, "text/plain", new byte[1023]))),
        Route.at(
            "/done",
            (q, a) ->
                a.respond(Response.of(200, "text/plain", large).with("Content-Encoding", "br"))));
    try (RawClient client = server.connect()) {
      client.send("GET /large HTTP/1.1\r\nAccept-Encoding: deflate, GZIP;q=0.5\r\n\r\n");
      String answer = client.readResponse();
      assertThat(answer).contains("\r\nContent-Encoding: gzip\r\n");
      byte[] body =
          answer.substring(answer.indexOf("\r\n\r\n") + 4).getBytes(StandardCharsets.ISO_8859_1);
      assertThat(new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes())
          .isEqualTo(large);
      for (String unwilling : List.of("gzip;q=0", "*", "identity", "")) {
        client.send("GET /large HTTP/1.1\r\nAccept-Encoding: " + unwilling + "\r\n\r\n");
        assertThat(client.readResponse()).as(unwilling).contains("Content-Length: 1024\r\n");
      }
      client.send("GET /small HTTP/1.1\r\nAccept-Encoding: gzip\r\n\r\n");
      assertThat(client.readResponse()).contains("Content-Length: 1023\r\n");
      client.send("GET /done HTTP/1.1\r\nAccept-Encoding: gzip\r\n\r\n");
      assertThat(client.readResponse()).contains("Encoding: br\r\nContent-Length: 1024\r\n");
      client.send("HEAD /large HTTP/1.1\r\nAccept-Encoding: gzip\r\n\r\n");
      assertThat(client.readUntil("\r\n\r\n")).contains("Content-Encoding: gzip\r\n");
    }
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(plain);
    }
    return bytes.toByteArray();
  }

  private static String post(byte[] body) {
    return "POST / HTTP/1.1\r\nContent-Encoding: gzip\r\nContent-Length: "
        + body.length
        + "\r\n\r\n"
        + new String(body, StandardCharsets.ISO_8859_1);
  }

  @Test
  void gzippedRequestsAreInflatedWithinTheLimit() throws Exception {
    start(HttpLimits.builder().bodyBytes(100_000).build(), Route.at("/", ECHO));
    byte[] fits = new byte[100_000];
    byte[] tooLarge = new byte[100_001];
    try (RawClient client = server.connect()) {
      client.send(post(gzip(fits)) + post("no gzip".getBytes(StandardCharsets.UTF_8)));
      assertThat(client.readResponse()).contains("Content-Length: 100000\r\n");
      assertThat(client.readResponse()).startsWith("HTTP/1.1 400 Bad Request\r\n");
      client.send(post(gzip(tooLarge)) + "GET / HTTP/1.1\r\n\r\n");
      assertThat(client.readResponse()).startsWith("HTTP/1.1 413 ");
      assertThat(client.readResponse()).startsWith("HTTP/1.1 200 ");
    }
    assertThat(server.counters.get("http_limit_strikes_total{limit=\"body\"}")).isEqualTo(1);
  }

  @Test
  void bodiesOfAllRequestsTogetherAreBounded() throws Exception {
    start(HttpLimits.builder().bodyBytes(1000).allBodiesBytes(1500).build(), Route.at("/", ECHO));
    String promise = "POST / HTTP/1.1\r\nContent-Length: 1000\r\n\r\n";
    try (RawClient first = server.connect();
        RawClient second = server.connect()) {
      first.send(promise + "x".repeat(999));
      await()
          .until(
              () -> second.send(promise + "x".repeat(999)).readToEnd().startsWith("HTTP/1.1 503 "));
      first.send("x");
      assertThat(first.readResponse()).startsWith("HTTP/1.1 200 ");
      first.send(promise + "x".repeat(1000));
      assertThat(first.readResponse()).startsWith("HTTP/1.1 200 ");
    }
    assertThat(server.counters.get("http_limit_strikes_total{limit=\"all_bodies\"}")).isPositive();
  }

  @Test
  void authenticatorDecidesWhoMayAskAndSlowOnesDoNotReorder() throws Exception {
    CompletableFuture<Authentication> slow = new CompletableFuture<>();
    Handler whoAmI =
        (request, responder) -> {
          Principal principal = request.principal();
          responder.respond(Response.text(200, principal == null ? "-" : principal.value() + ""));
        };
    start(
        Route.at("/slow", whoAmI).authenticatedBy(head -> slow),
        Route.at("/open", whoAmI),
        Route.at("/refused", whoAmI)
            .methods("POST")
            .authenticatedBy(head ->
                CompletableFuture.completedFuture(
                    head.headers().get("Authorization") == null
                        ? new Authentication.Refused(401, "Basic realm=\"r\"")
                        : new Authentication.Refused(403, null))),
        Route.at("/broken", whoAmI)
            .authenticatedBy(
                head -> CompletableFuture.failedFuture(new IllegalStateException("no file"))));
    try (RawClient client = server.connect()) {
      client.send("GET /slow HTTP/1.1\r\n\r\nGET /open HTTP/1.1\r\n\r\n");
      slow.complete(new Authentication.Authenticated(Principal.named("ada")));
      assertThat(client.readResponse()).endsWith("\r\n\r\nada");
      assertThat(client.readResponse()).endsWith("\r\n\r\n-");
      // Who asks is settled before the method is, and the connection goes on after a refusal.
      client.send("GET /refused HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc");
      assertThat(client.readResponse())
          .isEqualTo(
              crlf(
                  """
                  HTTP/1.1 401 Unauthorized
                  Date: now
                  WWW-Authenticate: Basic realm="r"
                  Content-Type: text/plain; charset=utf-8
                  Content-Length: 17

                  401 Unauthorized.\
                  """));
      client.send("POST /refused HTTP/1.1\r\nAuthorization: x\r\n\r\n");
      assertThat(client.readResponse())
          .startsWith("HTTP/1.1 403 Forbidden\r\n")
          .doesNotContain("WWW")
          .endsWith("403 Forbidden.");
      client.send("GET /broken HTTP/1.1\r\n\r\n");
      assertThat(client.readResponse()).startsWith("HTTP/1.1 500 ");
    }
    assertThat(RecordingAppender.take())
        .containsExactly("GET /broken: the handler failed: no file");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void handlerThatThrowsIsAnsweredWith500(boolean onWorker) throws Exception {
    Handler broken =
        (request, responder) -> {
          if (request.query("answered") != null) {
            responder.respond(Response.text(200, "before"));
          }
          throw new IOException("broken on purpose");
        };
    start(onWorker ? Route.onWorker("/", broken) : Route.at("/", broken));
    try (RawClient client = server.connect()) {
      client.send("GET /?a=b HTTP/1.1\r\nAuthorization: secret\r\nContent-Length: 4\r\n\r\nbody");
      assertThat(client.readResponse())
          .startsWith("HTTP/1.1 500 Internal Server Error\r\n")
          .endsWith("\r\n\r\n500 Internal Server Error.");
      client.send("GET /?answered HTTP/1.1\r\n\r\n");
      assertThat(client.readResponse()).endsWith("\r\n\r\nbefore");
      await().until(() -> server.counters.get("http_handler_failures_total") == 2);
    }
    assertThat(RecordingAppender.take())
        .containsExactly(
            "GET /?a=b: the handler failed: broken on purpose",
            "GET /?answered: the handler failed: broken on purpose");
  }

  @Test
  void secondAnswerIsRefused() throws Exception {
    CompletableFuture<Throwable> second = new CompletableFuture<>();
    start(
        Route.at(
            "/",
            (request, responder) -> {
              responder.respond(Response.text(200, "first"));
              try {
                responder.openStream(200, Headers.EMPTY, reason -> {});
              } catch (IllegalStateException refused) {
                second.complete(refused);
              }
            }));
    try (RawClient client = server.connect()) {
      assertThat(client.send("GET / HTTP/1.1\r\n\r\n").readResponse()).endsWith("first");
    }
    assertThat(second.get()).hasMessage("GET / was answered before");
    assertThat(server.counters.get("http_streams_total")).isZero();
  }

  @Test
  void workersAndTheirLineAreBounded() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    LinkedBlockingQueue<String> started = new LinkedBlockingQueue<>();
    start(
        HttpLimits.builder().workers(2).waitingForWorker(3).build(),
        Route.onWorker(
            "/",
            (request, responder) -> {
              started.add(Thread.currentThread().isVirtual() ? "virtual" : "platform");
              release.await();
              responder.respond(Response.text(200, "done"));
            }));
    String strikes = "http_limit_strikes_total{limit=\"waiting_for_worker\"}";
    try (RawClient client = server.connect()) {
      client.send("GET / HTTP/1.1\r\n\r\n".repeat(6));
      await().until(() -> server.counters.get(strikes) == 1);
      assertThat(started.take()).isEqualTo("virtual");
      assertThat(started.take()).isEqualTo("virtual");
      assertThat(started).isEmpty();
      release.countDown();
      for (int i = 0; i < 5; i++) {
        assertThat(client.readResponse()).endsWith("\r\n\r\ndone");
      }
      assertThat(client.readResponse())
          .startsWith("HTTP/1.1 503 ")
          .endsWith("\r\n\r\n503 Service Unavailable.");
    }
  }

  @Test
  void requestsAreCountedByClass() throws Exception {
    start(Route.at("/", (q, a) -> a.respond(Response.of(Integer.parseInt(q.query("s") + "")))));
    try (RawClient client = server.connect()) {
      for (int status : List.of(200, 202, 307, 404, 500, 204)) {
        client.send("GET /?s=" + status + " HTTP/1.1\r\n\r\n");
        assertThat(client.readResponse()).startsWith("HTTP/1.1 " + status);
      }
    }
    assertThat(server.counters.snapshot())
        .containsEntry("http_requests_total{code=\"2xx\"}", 3L)
        .containsEntry("http_requests_total{code=\"3xx\"}", 1L)
        .containsEntry("http_requests_total{code=\"4xx\"}", 1L)
        .containsEntry("http_requests_total{code=\"5xx\"}", 1L)
        .containsEntry("http_connections_total", 1L);
  }

  @Test
  void portInUseIsReportedReadably() throws Exception {
    start(Route.at("/", ECHO));
    HttpServer second =
        new HttpServer(
            server.loops,
            server.address(),
            HttpLimits.defaults(),
            LinkLimits.defaults(),
            null,
            server.counters);
    assertThatThrownBy(
            () -> second.start(bound -> new Router("", Authenticator.anonymous(), List.of())))
        .isInstanceOf(ListenException.class)
        .hasMessage(
            "cannot listen on 127.0.0.1:%d: Address already in use", server.address().getPort());
    second.close();
  }
}
