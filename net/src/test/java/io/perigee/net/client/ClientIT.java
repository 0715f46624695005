package io.perigee.net.client;

import static io.perigee.net.RawClient.crlf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perigee.net.Counters;
import io.perigee.net.EventLoops;
import io.perigee.net.RawClient;
import io.perigee.net.RecordingAppender;
import io.perigee.net.TestServer;
import io.perigee.net.http.Headers;
import io.perigee.net.http.Response;
import io.perigee.net.link.LinkLimits;
import io.perigee.net.server.HttpLimits;
import io.perigee.net.server.ResponseStream;
import io.perigee.net.server.Route;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The client against our server, and against a socket that says what a test wants. */
@Timeout(60)
class ClientIT {
  private static final Duration LONG = Duration.ofSeconds(50);

  private final Counters counters = new Counters();
  private final EventLoops loops = new EventLoops("test-client", 2);
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
    assertThat(counters.get("client_connections_open")).isZero();
    loops.close();
  }

  private static ClientLimits limits(Duration request, Duration silence, int connections) {
    return new ClientLimits(
        Duration.ofSeconds(5), request, LONG, silence, connections, 3, 100_000, 4096);
  }

  private HttpClient client(ClientLimits limits) {
    HttpClient client = new HttpClient(loops, limits, LinkLimits.defaults(), null, counters);
    open.add(client);
    return client;
  }

  private HttpClient client() {
    return client(limits(LONG, LONG, 2));
  }

  private TestServer server(Route... routes) throws IOException {
    TestServer server = new TestServer(HttpLimits.defaults(), routes);
    open.add(server);
    return server;
  }

  private ServerSocket listener() throws IOException {
    ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    open.add(listener);
    return listener;
  }

  private static URI uri(ServerSocket listener, String path) {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort() + path);
  }

  private static HttpFailure failure(CompletableFuture<?> result) {
    try {
      result.orTimeout(30, TimeUnit.SECONDS).join();
      throw new AssertionError("it did not fail");
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof HttpFailure failure) {
        return failure;
      }
      throw failed;
    }
  }

  /** Remembers all, and says so. */
  private static class Heard implements ResponseListener {
    final LinkedBlockingQueue<String> events = new LinkedBlockingQueue<>();
    final CompletableFuture<Call> call = new CompletableFuture<>();

    @Override
    public void onHead(Call call, int status, Headers headers) {
      this.call.complete(call);
      events.add("head " + status);
    }

    @Override
    public void onBody(byte[] bytes) {
      events.add(new String(bytes, StandardCharsets.UTF_8));
    }

    @Override
    public void onEnd() {
      events.add("ended");
    }

    @Override
    public void onFailure(HttpFailure failure) {
      events.add("failed " + failure.kind());
    }

    String next() throws InterruptedException {
      String event = events.poll(30, TimeUnit.SECONDS);
      assertThat(event).isNotNull();
      return event;
    }
  }

  @Test
  void requestIsWrittenAsHttp() throws Exception {
    try (ServerSocket listener = listener()) {
      byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
      var result =
          client()
              .send(
                  ClientRequest.post(uri(listener, "/a%20b?x=ü"), "application/json", body)
                      .with("X-Y", "1")
                      .with("Content-Length", "77"));
      try (RawClient server = new RawClient(listener.accept())) {
        assertThat(server.readUntil("{}"))
            .isEqualTo(
                crlf(
                    """
                    POST /a%%20b?x=%%C3%%BC HTTP/1.1
                    Host: 127.0.0.1:%d
                    Content-Type: application/json
                    X-Y: 1
                    Content-Length: 2

                    {}\
                    """
                        .formatted(listener.getLocalPort())));
        server.send(
            crlf(
                """
                HTTP/1.1 100 Continue

                HTTP/1.1 307 Temporary Redirect
                Location: //other:5050/master/state
                Content-Length: 3

                yes\
                """));
        ClientResponse response = result.get();
        assertThat(response.status()).isEqualTo(307);
        assertThat(response.location()).isEqualTo(URI.create("http://other:5050/master/state"));
        assertThat(response.text()).isEqualTo("yes");
      }
    }
  }

  @Test
  void connectionsAreReusedAndBounded() throws Exception {
    TestServer server =
        server(
            Route.onWorker(
                "/",
                (request, responder) ->
                    responder.respond(Response.of(200, "a/b", request.body()))));
    HttpClient client = client(limits(LONG, LONG, 2));
    for (int i = 0; i < 20; i++) {
      assertThat(client.send(ClientRequest.get(server.uri("/"))).get().status()).isEqualTo(200);
    }
    assertThat(server.counters.get("http_connections_total")).isEqualTo(1);
    List<CompletableFuture<ClientResponse>> results = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      byte[] body = {(byte) i};
      results.add(client.send(ClientRequest.post(server.uri("/"), "a/b", body)));
    }
    for (int i = 0; i < 5; i++) {
      assertThat(results.get(i).get().body()).containsExactly(i);
    }
    assertThat(server.counters.get("http_connections_total")).isEqualTo(2);
    assertThat(counters.get("client_responses_total{code=\"2xx\"}")).isEqualTo(25);
  }

  @Test
  void virtualThreadsMayWaitForTheFuture() throws Exception {
    TestServer server =
        server(Route.at("/", (q, a) -> a.respond(Response.text(200, q.query("n") + ""))));
    HttpClient client = client(new ClientLimits(LONG, LONG, LONG, LONG, 8, 1000, 1000, 4096));
    List<CompletableFuture<String>> texts = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      URI uri = server.uri("/?n=" + i);
      CompletableFuture<String> text = new CompletableFuture<>();
      texts.add(text);
      Thread.ofVirtual()
          .start(() -> text.complete(client.send(ClientRequest.get(uri)).join().text()));
    }
    for (int i = 0; i < 500; i++) {
      assertThat(texts.get(i).get(30, TimeUnit.SECONDS)).isEqualTo(String.valueOf(i));
    }
    assertThat(server.counters.get("http_connections_total")).isLessThanOrEqualTo(8);
  }

  @Test
  void largeBodiesGoBothWays() throws Exception {
    TestServer server =
        server(Route.at("/", (q, a) -> a.respond(Response.of(200, "a/b", q.body()))));
    HttpClient client = client(new ClientLimits(LONG, LONG, LONG, LONG, 8, 8, 30 << 20, 4096));
    byte[] body = new byte[30 << 20];
    new java.util.Random(1).nextBytes(body);
    assertThat(client.send(ClientRequest.post(server.uri("/"), "a/b", body)).get().body())
        .isEqualTo(body);
  }

  @Test
  void headHasNoBody() throws Exception {
    TestServer server = server(Route.at("/", (q, a) -> a.respond(Response.text(200, "body"))));
    HttpClient client = client();
    for (int i = 0; i < 3; i++) {
      ClientResponse response =
          client.send(new ClientRequest("HEAD", server.uri("/"), Headers.EMPTY, new byte[0])).get();
      assertThat(response.headers().get("content-length")).isEqualTo("4");
      assertThat(response.body()).isEmpty();
    }
    assertThat(server.counters.get("http_connections_total")).isEqualTo(1);
  }

  @Test
  void refusedConnectionIsReported() throws Exception {
    ServerSocket listener = listener();
    listener.close();
    HttpFailure failure = failure(client().send(ClientRequest.get(uri(listener, "/x?secret=1"))));
    assertThat(failure.kind()).isEqualTo(HttpFailure.Kind.CONNECT_FAILED);
    assertThat(failure)
        .hasMessageStartingWith(
            "GET http://127.0.0.1:%d/x: cannot connect to 127.0.0.1:%1$d: ",
            listener.getLocalPort())
        .hasMessageContaining("Connection refused");
    HttpFailure withoutTls =
        failure(client().send(ClientRequest.get(URI.create("https://127.0.0.1/"))));
    assertThat(withoutTls).hasMessageContaining("this client has no TLS");
    assertThat(counters.get("client_failures_total{kind=\"connect_failed\"}")).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc"})
  void serverThatDoesNotFinishTimesOut(String half) throws Exception {
    ServerSocket listener = listener();
    var result =
        client(limits(Duration.ofMillis(300), LONG, 1)).send(ClientRequest.get(uri(listener, "/")));
    try (RawClient server = new RawClient(listener.accept())) {
      server.send(half);
      HttpFailure failure = failure(result);
      assertThat(failure.kind()).isEqualTo(HttpFailure.Kind.TIMED_OUT);
      assertThat(failure).hasMessageEndingWith("/: no response within PT0.3S");
      server.readUntil("\r\n\r\n");
      assertThat(server.readToEnd()).isEmpty(); // The client closed it.
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|CLOSED_EARLY",
        "HTTP/1.1 200 OK\\r\\nX|CLOSED_EARLY",
        "HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\nabc|CLOSED_EARLY",
        "HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n3\\r\\nabc\\r\\n|CLOSED_EARLY",
        "SSH-2.0-OpenSSH_9.2\\r\\n|MALFORMED",
        "HTTP/1.1 abc OK\\r\\n\\r\\n|MALFORMED",
        "HTTP/1.1 1000 OK\\r\\n\\r\\n|MALFORMED",
        "HTTP/1.1 101 Switching Protocols\\r\\n\\r\\n|MALFORMED",
        "HTTP/1.1 200 OK\\r\\nnocolon\\r\\n\\r\\n|MALFORMED",
        "HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\nzz\\r\\n|MALFORMED",
        "HTTP/1.1 200 OK\\r\\nContent-Length: 100001\\r\\n\\r\\nBODY|TOO_LARGE",
        "HTTP/1.1 200 OK\\r\\n\\r\\nBODY|TOO_LARGE",
        "HTTP/1.1 200 OK\\r\\nX: BODY|TOO_LARGE",
      })
  void brokenResponsesAreFailures(String answer, HttpFailure.Kind kind) throws Exception {
    ServerSocket listener = listener();
    var result = client().send(ClientRequest.get(uri(listener, "/")));
    try (RawClient server = new RawClient(listener.accept())) {
      server.readUntil("\r\n\r\n");
      server.send(
          answer.replace("\\r", "\r").replace("\\n", "\n").replace("BODY", "x".repeat(100_001)));
      server.socket().shutdownOutput();
      assertThat(failure(result).kind()).isEqualTo(kind);
    }
  }

  @Test
  void bodyMayEndWithTheConnection() throws Exception {
    ServerSocket listener = listener();
    HttpClient client = client();
    for (int i = 0; i < 2; i++) {
      var result = client.send(ClientRequest.get(uri(listener, "/")));
      try (RawClient server = new RawClient(listener.accept())) {
        server.readUntil("\r\n\r\n");
        server.send("HTTP/1.0 200 OK\r\n\r\nall of it");
      }
      assertThat(result.get().text()).isEqualTo("all of it");
    }
  }

  @Test
  void connectionClosedWhileIdleIsNotUsedAgain() throws Exception {
    ServerSocket listener = listener();
    HttpClient client = client();
    for (int i = 0; i < 3; i++) {
      var result = client.send(ClientRequest.get(uri(listener, "/")));
      try (RawClient server = new RawClient(listener.accept())) {
        server.readUntil("\r\n\r\n");
        server.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        assertThat(result.get().status()).isEqualTo(200);
      }
      await().until(() -> counters.get("client_connections_open") == 0);
    }
  }

  @Test
  void idleConnectionIsClosedInTime() throws Exception {
    TestServer server = server(Route.at("/", (q, a) -> a.respond(Response.of(200))));
    HttpClient client =
        client(new ClientLimits(LONG, LONG, Duration.ofMillis(200), LONG, 1, 1, 1000, 4096));
    client.send(ClientRequest.get(server.uri("/"))).get();
    await().until(() -> counters.get("client_connections_open") == 0);
    assertThat(client.send(ClientRequest.get(server.uri("/"))).get().status()).isEqualTo(200);
  }

  @Test
  void lineForAConnectionIsBoundedAndMovesOn() throws Exception {
    ServerSocket listener = listener();
    HttpClient client = client(limits(LONG, LONG, 1));
    List<CompletableFuture<ClientResponse>> results = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      results.add(client.send(ClientRequest.get(uri(listener, "/" + i))));
    }
    HttpFailure refused = failure(results.getLast());
    assertThat(refused.kind()).isEqualTo(HttpFailure.Kind.TOO_MANY_WAITING);
    assertThat(refused).hasMessageEndingWith("/4: 3 calls wait for a connection");
    // The first connection breaks, the next one serves those who wait.
    try (RawClient server = new RawClient(listener.accept())) {
      assertThat(server.readUntil("\r\n\r\n")).startsWith("GET /0 ");
    }
    assertThat(failure(results.getFirst()).kind()).isEqualTo(HttpFailure.Kind.CLOSED_EARLY);
    try (RawClient server = new RawClient(listener.accept())) {
      for (int i = 1; i < 4; i++) {
        assertThat(server.readUntil("\r\n\r\n")).startsWith("GET /" + i + " ");
        server.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + i);
        assertThat(results.get(i).get().text()).isEqualTo("" + i);
      }
    }
  }

  @Test
  void streamIsToldPieceByPieceUntilItsEnd() throws Exception {
    CompletableFuture<ResponseStream> stream = new CompletableFuture<>();
    TestServer server =
        server(
            Route.at(
                "/", (q, a) -> stream.complete(a.openStream(200, Headers.EMPTY, reason -> {}))));
    Heard heard = new Heard();
    client(limits(Duration.ofMillis(500), LONG, 1)).stream(
        ClientRequest.get(server.uri("/")), heard);
    assertThat(heard.next()).isEqualTo("head 200");
    for (int i = 0; i < 3; i++) {
      Thread.sleep(250); // Longer in all than the request's time, which ends with the head.
      stream.get().send(("event " + i).getBytes(StandardCharsets.UTF_8));
      assertThat(heard.next()).isEqualTo("event " + i);
    }
    stream.get().close();
    assertThat(heard.next()).isEqualTo("ended");
  }

  @Test
  void silentStreamTimesOut() throws Exception {
    TestServer server =
        server(Route.at("/", (q, a) -> a.openStream(200, Headers.EMPTY, reason -> {})));
    Heard heard = new Heard();
    client(limits(LONG, Duration.ofMillis(300), 1)).stream(
        ClientRequest.get(server.uri("/")), heard);
    assertThat(heard.next()).isEqualTo("head 200");
    assertThat(heard.next()).isEqualTo("failed TIMED_OUT");
  }

  @Test
  void callsMayBeCancelled() throws Exception {
    LinkedBlockingQueue<String> asked = new LinkedBlockingQueue<>();
    TestServer server =
        server(
            Route.at("/", (q, a) -> a.openStream(200, Headers.EMPTY, reason -> {})),
            Route.at("/silent", (q, a) -> asked.add(q.path())));
    HttpClient client = client(limits(LONG, LONG, 2));
    Heard streaming = new Heard();
    Heard silent = new Heard();
    Heard waiting = new Heard();
    Call first = client.stream(ClientRequest.get(server.uri("/")), streaming);
    assertThat(streaming.next()).isEqualTo("head 200");
    Call second = client.stream(ClientRequest.get(server.uri("/silent")), silent);
    assertThat(asked.take()).isEqualTo("/silent");
    Call third = client.stream(ClientRequest.get(server.uri("/silent")), waiting);
    for (Call call : List.of(third, second, first)) {
      call.cancel();
      call.cancel();
    }
    for (Heard heard : List.of(streaming, silent, waiting)) {
      assertThat(heard.next()).isEqualTo("failed CANCELLED");
      assertThat(heard.events).isEmpty();
    }
    await().until(() -> server.counters.get("http_connections_open") == 0);
  }

  @Test
  void pausedStreamHoldsTheServerBack() throws Exception {
    CompletableFuture<ResponseStream> stream = new CompletableFuture<>();
    TestServer server =
        server(
            Route.at(
                "/",
                (q, a) ->
                    stream.complete(a.openStream(200, Headers.EMPTY, reason -> {}, 1 << 20))));
    long[] received = new long[1];
    Heard heard =
        new Heard() {
          @Override
          public void onBody(byte[] bytes) {
            received[0] += bytes.length;
          }
        };
    client().stream(ClientRequest.get(server.uri("/")), heard);
    Call call = heard.call.get();
    call.pause();
    long sent = 0;
    while (stream.get().isWritable()) {
      stream.get().send(new byte[10_000]);
      sent += 10_000;
    }
    assertThat(received[0]).isLessThan(sent - (1 << 19) + 20_000);
    call.resume();
    stream.get().close();
    assertThat(heard.next()).isEqualTo("head 200");
    assertThat(heard.next()).isEqualTo("ended");
    assertThat(received[0]).isEqualTo(sent);
  }

  @Test
  void listenerThatPausesItselfHearsNothingUntilItResumes() throws Exception {
    ServerSocket listener = listener();
    Heard heard =
        new Heard() {
          @Override
          public void onBody(byte[] bytes) {
            super.onBody(bytes);
            call.join().pause();
          }
        };
    client().stream(ClientRequest.get(uri(listener, "/")), heard);
    try (RawClient server = new RawClient(listener.accept())) {
      server.readUntil("\r\n\r\n");
      server.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
      server.send("1\r\na\r\n1\r\nb\r\n1\r\nc\r\n0\r\n\r\n");
      assertThat(heard.next()).isEqualTo("head 200");
      for (String expected : List.of("a", "b", "c", "ended")) {
        assertThat(heard.next()).isEqualTo(expected);
        assertThat(heard.events.poll(50, TimeUnit.MILLISECONDS)).isNull();
        heard.call.get().resume();
      }
    }
  }

  @Test
  void listenerThatThrowsEndsItsCallAlone() throws Exception {
    TestServer server = server(Route.at("/", (q, a) -> a.respond(Response.text(200, "body"))));
    HttpClient client = client(limits(LONG, LONG, 1));
    Heard heard =
        new Heard() {
          @Override
          public void onBody(byte[] bytes) {
            throw new IllegalStateException("broken on purpose");
          }
        };
    client.stream(ClientRequest.get(server.uri("/")), heard);
    assertThat(heard.next()).isEqualTo("head 200");
    assertThat(heard.next()).isEqualTo("failed CANCELLED");
    assertThat(client.send(ClientRequest.get(server.uri("/"))).get().text()).isEqualTo("body");
    assertThat(RecordingAppender.take())
        .containsExactly("GET " + server.uri("/") + ": its listener failed: broken on purpose");
  }

  @Test
  void closedClientFailsAllItsCalls() throws Exception {
    ServerSocket listener = listener();
    HttpClient client = client(limits(LONG, LONG, 1));
    var sent = client.send(ClientRequest.get(uri(listener, "/")));
    var waiting = client.send(ClientRequest.get(uri(listener, "/")));
    try (RawClient server = new RawClient(listener.accept())) {
      server.readUntil("\r\n\r\n");
      client.close();
      var late = client.send(ClientRequest.get(uri(listener, "/")));
      for (var result : List.of(sent, waiting, late)) {
        HttpFailure failure = failure(result);
        assertThat(failure.kind()).isEqualTo(HttpFailure.Kind.CANCELLED);
        assertThat(failure).hasMessageEndingWith("the client was closed");
      }
      assertThat(server.readToEnd()).isEmpty();
    }
  }
}
