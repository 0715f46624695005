package io.perigee.endpoints;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perigee.net.Counters;
import io.perigee.net.EventLoops;
import io.perigee.net.auth.Authenticator;
import io.perigee.net.http.Response;
import io.perigee.net.link.LinkLimits;
import io.perigee.net.server.HttpLimits;
import io.perigee.net.server.HttpServer;
import io.perigee.net.server.Route;
import io.perigee.net.server.Router;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SharedAnswersIT {
  /** Much more than sockets and buffers hold. */
  private static final int LARGE = 24 << 20;

  private static final int MOST_PIECES = LARGE / PieceMemory.PIECE_BYTES / 2;

  private final Counters counters = new Counters();
  private final EventLoops loops = new EventLoops("test-shared", 1);
  private final PieceMemory memory = new PieceMemory(MOST_PIECES, Duration.ofSeconds(1), counters);
  private final AtomicInteger snapshots = new AtomicInteger();
  private final CountDownLatch mayRender = new CountDownLatch(1);
  private final SharedAnswers<Integer> answers =
      new SharedAnswers<>(
          "test-renderer",
          () -> CompletableFuture.completedFuture(snapshots.incrementAndGet()),
          memory,
          Response.text(503, "busy"),
          counters);
  private final HttpClient client = HttpClient.newHttpClient();
  private HttpServer server;

  @BeforeEach
  void serve() throws Exception {
    server =
        new HttpServer(
            loops,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            HttpLimits.defaults(),
            LinkLimits.defaults(),
            null,
            counters);
    List<Route> routes =
        List.of(
            route("/large", (snapshot, out) -> fill(snapshot, LARGE, out)),
            route("/small", (snapshot, out) -> fill(snapshot, 5000, out)),
            route("/tiny", (snapshot, out) -> fill(snapshot, 500, out)),
            route(
                "/held",
                (snapshot, out) -> {
                  hold(mayRender);
                  fill(snapshot, LARGE, out);
                }),
            route(
                "/broken",
                (snapshot, out) -> {
                  throw new IllegalStateException("as planned");
                }),
            route(
                "/half",
                (snapshot, out) -> {
                  fill(snapshot, LARGE, out);
                  throw new IllegalStateException("as planned");
                }),
            Route.at(
                "/json",
                (request, to) ->
                    JsonAnswers.share(
                        answers,
                        request,
                        List.of("a", "b"),
                        (snapshot, out) -> out.writeNumber(snapshot),
                        to)));
    server.start(bound -> new Router("test", Authenticator.anonymous(), routes));
  }

  private Route route(String path, SharedAnswers.Body<Integer> body) {
    return Route.at(
        path, (request, to) -> answers.answer(request, path, "application/json", body, to));
  }

  private static void hold(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException stopped) {
      throw new IllegalStateException(stopped);
    }
  }

  /** A digit of the snapshot, over and over, each 100th byte one of the place. */
  private static void fill(int snapshot, int size, OutputStream out) throws IOException {
    out.write(body(snapshot, size));
  }

  private static byte[] body(int snapshot, int size) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) (i % 100 == 0 ? 'a' + i / 100 % 26 : '0' + snapshot % 10);
    }
    return bytes;
  }

  @AfterEach
  void stop() {
    mayRender.countDown();
    client.close();
    server.close();
    answers.close();
    loops.close();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(
        URI.create("http://127.0.0.1:" + server.address().getPort() + path));
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private CompletableFuture<HttpResponse<byte[]>> sendLater(String path) {
    return client.sendAsync(request(path).build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private long hits() {
    return counters.get("shared_answers_hits_total");
  }

  @Test
  void thoseWhoAskMeanwhileShareTheNextRendering() throws Exception {
    var first = sendLater("/held");
    await().until(() -> snapshots.get() == 1);
    List<CompletableFuture<HttpResponse<byte[]>>> others = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      others.add(sendLater("/held"));
    }
    await().until(() -> hits() == 19);
    mayRender.countDown();

    assertThat(first.get().body()).isEqualTo(body(1, LARGE));
    byte[] second = body(2, LARGE);
    for (var other : others) {
      assertThat(other.get().body()).as("nobody sees an older state").isEqualTo(second);
    }
    assertThat(snapshots).hasValue(2);
    assertThat(counters.get("shared_answers_rendered_total")).isEqualTo(2);
    await().until(() -> memory.used() == 0);
  }

  @Test
  void aSmallAnswerHasALengthAndALargeOneHasNone() throws Exception {
    HttpResponse<byte[]> small = send(request("/small"));
    assertThat(small.body()).isEqualTo(body(1, 5000));
    assertThat(small.headers().firstValue("Content-Length")).hasValue("5000");
    assertThat(small.headers().firstValue("Content-Type")).hasValue("application/json");

    HttpResponse<byte[]> large = send(request("/large"));
    assertThat(large.body()).isEqualTo(body(2, LARGE));
    assertThat(large.headers().firstValue("Content-Length")).isEmpty();
    assertThat(large.headers().firstValue("Content-Type")).hasValue("application/json");
    await().until(() -> memory.used() == 0);
  }

  @Test
  void isCompressedForThoseWhoLikeIt() throws Exception {
    for (String path : List.of("/small", "/large")) {
      HttpResponse<byte[]> zipped = send(request(path).header("Accept-Encoding", "gzip"));
      assertThat(zipped.headers().firstValue("Content-Encoding")).hasValue("gzip");
      assertThat(new GZIPInputStream(new ByteArrayInputStream(zipped.body())).readAllBytes())
          .isEqualTo(body(snapshots.get(), path.equals("/small") ? 5000 : LARGE));
    }
    HttpResponse<byte[]> tiny = send(request("/tiny").header("Accept-Encoding", "gzip"));
    assertThat(tiny.headers().firstValue("Content-Encoding")).as("not worth it").isEmpty();
    assertThat(tiny.body()).isEqualTo(body(3, 500));
    await().until(() -> memory.used() == 0);
  }

  @Test
  void headHasNoBody() throws Exception {
    for (String path : List.of("/small", "/large")) {
      HttpResponse<byte[]> head = send(request(path).HEAD());
      assertThat(head.statusCode()).isEqualTo(200);
      assertThat(head.body()).isEmpty();
    }
    assertThat(send(request("/small")).body()).isEqualTo(body(3, 5000));
    await().until(() -> memory.used() == 0);
  }

  @Test
  void aReaderThatTakesNothingIsDroppedWhenOthersNeedTheMemory() throws Exception {
    try (Socket stalled = ask("/large", "HTTP/1.1")) {
      await().until(() -> memory.used() == MOST_PIECES);
      HttpResponse<byte[]> other = send(request("/large"));
      assertThat(other.body()).isEqualTo(body(2, LARGE));
      assertThat(counters.get("shared_answers_slow_readers_dropped_total")).isEqualTo(1);
      assertThat(counters.get("http_streams_ended_total{reason=\"slow_reader\"}")).isEqualTo(1);
      assertThat(stalled.isConnected()).isTrue();
    }
    await().until(() -> memory.used() == 0);
  }

  @Test
  void aReaderThatTakesSomeFromTimeToTimeIsNotDropped() throws Exception {
    try (Socket slow = ask("/large", "HTTP/1.0")) {
      await().until(() -> memory.used() == MOST_PIECES);
      CompletableFuture<HttpResponse<byte[]>> other = sendLater("/large");
      InputStream in = slow.getInputStream();
      int read = 0;
      while (read < LARGE) {
        // In sum the waiting is longer than the patience, but never at a stretch.
        int some = in.readNBytes(LARGE / 16).length;
        read += some;
        assertThat(some).as("cut after %s", read).isGreaterThan(0);
        Thread.sleep(150);
      }
      assertThat(other.get().body()).isEqualTo(body(2, LARGE));
      assertThat(counters.get("shared_answers_slow_readers_dropped_total")).isZero();
    }
  }

  @Test
  void aReaderThatGoesAwayHoldsNothing() throws Exception {
    try (Socket gone = ask("/large", "HTTP/1.1")) {
      await().until(() -> memory.used() == MOST_PIECES);
      assertThat(gone.getInputStream().read()).isEqualTo('H');
    }
    await().until(() -> memory.used() == 0);
    assertThat(send(request("/large")).body()).isEqualTo(body(2, LARGE));
  }

  @Test
  void anOldClientReadsUntilTheConnectionEnds() throws Exception {
    try (Socket old = ask("/large", "HTTP/1.0")) {
      byte[] all = old.getInputStream().readAllBytes();
      assertThat(all.length).isBetween(LARGE, LARGE + 500);
      assertThat(new String(all, 0, 500, US_ASCII)).doesNotContain("chunked");
    }
  }

  private Socket ask(String path, String version) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(16 * 1024);
    socket.connect(server.address());
    socket.getOutputStream().write(("GET " + path + " " + version + "\r\n\r\n").getBytes(US_ASCII));
    return socket;
  }

  @Test
  void aRenderingThatFailsIsToldOrCut() throws Exception {
    HttpResponse<byte[]> broken = send(request("/broken"));
    assertThat(broken.statusCode()).isEqualTo(500);
    assertThat(sendLater("/half")).failsWithin(Duration.ofSeconds(30));
    await().until(() -> memory.used() == 0);
    assertThat(send(request("/small")).statusCode()).as("others are not hurt").isEqualTo(200);
  }

  @Test
  void jsonpIsAnAnswerOfItsOwn() throws Exception {
    HttpResponse<byte[]> call = send(request("/json?jsonp=f&a=1"));
    assertThat(new String(call.body(), US_ASCII)).isEqualTo("f(1)");
    assertThat(call.headers().firstValue("Content-Type")).hasValue("text/javascript");
    assertThat(send(request("/json?a=1")).body()).isEqualTo("2".getBytes(US_ASCII));
    assertThat(send(request("/json?jsonp=alert(1)")).statusCode()).isEqualTo(400);
    assertThat(snapshots).hasValue(2);
  }

  @Test
  void tooManyDifferentAnswersAreRefused() throws Exception {
    var first = sendLater("/held");
    await().until(() -> snapshots.get() == 1);
    List<CompletableFuture<HttpResponse<byte[]>>> others = new ArrayList<>();
    for (int i = 0; i < 256; i++) {
      others.add(sendLater("/json?a=" + i));
    }
    await().until(() -> others.stream().filter(CompletableFuture::isDone).count() == 1);
    mayRender.countDown();
    int refused = 0;
    for (var other : others) {
      refused += other.get().statusCode() == 503 ? 1 : 0;
    }
    assertThat(refused).isEqualTo(1);
    assertThat(first.get().statusCode()).isEqualTo(200);
  }
}
