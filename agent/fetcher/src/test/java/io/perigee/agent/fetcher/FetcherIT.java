package io.perigee.agent.fetcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.mesos.v1.CommandInfo;
import io.perigee.net.Counters;
import io.perigee.net.TestServer;
import io.perigee.net.http.Headers;
import io.perigee.net.http.Response;
import io.perigee.net.link.LinkLimits;
import io.perigee.net.server.HttpLimits;
import io.perigee.net.server.Route;
import io.perigee.net.tls.TestCertificates;
import io.perigee.net.tls.Tls;
import io.perigee.net.tls.TlsFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real servers on the loopback, and real files. */
@Timeout(120)
class FetcherIT {
  /** Generous: a first handshake takes a second on a busy machine. */
  private static final Duration STALL = Duration.ofSeconds(30);

  private static final int BIG_BYTES = 20 << 20;

  @TempDir Path folder;
  private final AtomicInteger served = new AtomicInteger();
  private final List<String> authorizations = Collections.synchronizedList(new ArrayList<>());
  private TestServer server;
  private Fetcher fetcher;
  private Path sandbox;

  @BeforeEach
  void start() throws Exception {
    server =
        new TestServer(
            HttpLimits.defaults(),
            Route.at(
                "/file",
                (request, to) -> {
                  served.incrementAndGet();
                  authorizations.add(String.valueOf(request.headers().get("Authorization")));
                  to.respond(Response.text(200, "#!/bin/sh\necho fetched\n"));
                }),
            Route.at(
                "/text.gz",
                (request, to) -> to.respond(Response.of(200, "application/gzip", gzip("text")))),
            Route.at(
                "/secret", (request, to) -> redirect(to, "http://localhost:" + port() + "/file")),
            Route.at("/same", (request, to) -> redirect(to, "/file?token=hidden")),
            Route.at("/loop", (request, to) -> redirect(to, "/loop?token=hidden")),
            Route.at("/evil", (request, to) -> redirect(to, "file:///etc/passwd")),
            Route.onWorker(
                "/big",
                (request, to) -> {
                  var stream = to.openStream(200, Headers.EMPTY, end -> {});
                  byte[] piece = new byte[1 << 16];
                  for (int n = 0; n < BIG_BYTES; n += piece.length) {
                    while (!stream.isWritable()) {
                      Thread.sleep(1);
                    }
                    stream.send(piece);
                  }
                  stream.close();
                }),
            Route.at(
                "/stalls",
                (request, to) ->
                    to.openStream(200, Headers.EMPTY, end -> {}).send(new byte[] {1, 2, 3})));
    fetcher = new Fetcher(options(STALL), server.loops, new Counters());
    sandbox = Files.createDirectory(folder.resolve("sandbox"));
  }

  private FetcherOptions options(Duration stall) {
    return new FetcherOptions(folder.resolve("home"), stall, folder.resolve("cache"), 1 << 20);
  }

  @AfterEach
  void stop() {
    fetcher.close();
    server.close();
    Awaitility.await()
        .untilAsserted(() ->
            assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("agent-fetch")));
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  private int port() {
    return server.address().getPort();
  }

  private static void redirect(io.perigee.net.server.Responder to, String location) {
    to.respond(Response.of(302).with("Location", location));
  }

  private CommandInfo.URI.Builder uri(String path) {
    return CommandInfo.URI.newBuilder().setValue("http://127.0.0.1:" + port() + path);
  }

  private FetchOutcome fetch(CommandInfo.URI.Builder... uris) throws Exception {
    return fetch(null, uris);
  }

  private FetchOutcome fetch(@Nullable FileOwner owner, CommandInfo.URI.Builder... uris)
      throws Exception {
    CompletableFuture<FetchOutcome> outcome = new CompletableFuture<>();
    var _ = fetcher.fetch(request(owner, uris), outcome::complete);
    return outcome.get(60, TimeUnit.SECONDS);
  }

  private FetchRequest request(@Nullable FileOwner owner, CommandInfo.URI.Builder... uris) {
    List<CommandInfo.URI> all = new ArrayList<>();
    for (CommandInfo.URI.Builder uri : uris) {
      all.add(uri.build());
    }
    return new FetchRequest("c1", all, sandbox, owner);
  }

  private void assertFails(CommandInfo.URI.Builder uri, String why) throws Exception {
    assertThat(fetch(uri))
        .isInstanceOfSatisfying(
            FetchOutcome.Failed.class,
            failed ->
                assertThat(failed.message())
                    .startsWith("Failed to fetch all URIs for container 'c1': ")
                    .contains(why)
                    .doesNotContain("hidden"));
    assertThat(sandbox.resolve("stderr")).content().contains(why).doesNotContain("hidden");
    try (var files = Files.list(sandbox)) {
      assertThat(files.map(Path::getFileName)).as("no half files").containsOnly(Path.of("stderr"));
    }
    assertThat(fetcher.metrics())
        .containsEntry("containerizer/fetcher/task_fetches_failed", 1.0)
        .containsEntry("containerizer/fetcher/task_fetches_succeeded", 0.0);
  }

  @Test
  void everythingIsFetchedInOrder() throws Exception {
    Path local = Files.writeString(folder.resolve("local"), "of this machine");
    Files.createDirectory(folder.resolve("home"));
    Files.writeString(folder.resolve("home/relative"), "of the home");
    FetchOutcome outcome =
        fetch(
            uri("/file").setExecutable(true),
            uri("/file?a=b").setOutputFile("d/e/renamed"),
            uri("/text.gz"),
            uri("/same").setOutputFile("redirected"),
            CommandInfo.URI.newBuilder().setValue("file://" + local),
            CommandInfo.URI.newBuilder().setValue("relative"));

    assertThat(outcome).isEqualTo(new FetchOutcome.Fetched());
    assertThat(sandbox.resolve("file")).isExecutable().content().contains("echo fetched");
    assertThat(sandbox.resolve("d/e/renamed")).isNotEmptyFile();
    assertThat(Files.isExecutable(sandbox.resolve("d/e/renamed"))).isFalse();
    assertThat(sandbox.resolve("text")).hasContent("text");
    assertThat(sandbox.resolve("text.gz")).exists();
    assertThat(sandbox.resolve("redirected")).isNotEmptyFile();
    assertThat(sandbox.resolve("local")).hasContent("of this machine");
    assertThat(sandbox.resolve("relative")).hasContent("of the home");
    assertThat(fetcher.metrics())
        .containsEntry("containerizer/fetcher/task_fetches_succeeded", 1.0)
        .containsEntry("containerizer/fetcher/cache_size_total_bytes", (double) (1 << 20));
  }

  @Test
  void aBigBodyGoesToDisk() throws Exception {
    assertThat(fetch(uri("/big"))).isEqualTo(new FetchOutcome.Fetched());
    assertThat(sandbox.resolve("big")).hasSize(BIG_BYTES);
  }

  @Test
  void whatIsNotThereFails() throws Exception {
    assertFails(uri("/nothing?token=hidden"), "received HTTP return code 404");
  }

  @Test
  void aCircleOfRedirectsEnds() throws Exception {
    assertFails(uri("/loop"), "more than 20 redirects");
  }

  @Test
  void noRedirectLeadsToFilesOfThisMachine() throws Exception {
    assertFails(uri("/evil"), "Malformed URI");
  }

  @Test
  void aServerThatFallsSilentIsGivenUp() throws Exception {
    fetcher.close();
    fetcher = new Fetcher(options(Duration.ofSeconds(2)), server.loops, new Counters());
    long begun = System.nanoTime();
    assertFails(uri("/stalls"), "nothing came for PT2S");
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofSeconds(2));
  }

  @Test
  void aBodyThatEndsTooSoonFails() throws Exception {
    try (ServerSocket raw = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual()
          .start(() -> {
            try (Socket socket = raw.accept()) {
              var _ = socket.getInputStream().read(new byte[4096]);
              socket
                  .getOutputStream()
                  .write(
                      "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"
                          .getBytes(StandardCharsets.US_ASCII));
            } catch (IOException closed) {
              // The test sees what came of it.
            }
          });
      assertFails(
          CommandInfo.URI
              .newBuilder()
              .setValue("http://user:hidden@127.0.0.1:" + raw.getLocalPort() + "/f?token=hidden"),
          "Error downloading resource");
    }
  }

  @Test
  void passwordsGoToTheHostTheyAreForAlone() throws Exception {
    String user = "http://ann:p%40ss@127.0.0.1:" + port();
    assertThat(
            fetch(
                CommandInfo.URI.newBuilder().setValue(user + "/file"),
                CommandInfo.URI.newBuilder().setValue(user + "/same").setOutputFile("a"),
                CommandInfo.URI.newBuilder().setValue(user + "/secret").setOutputFile("b")))
        .isEqualTo(new FetchOutcome.Fetched());
    String basic =
        "Basic " + Base64.getEncoder().encodeToString("ann:p@ss".getBytes(StandardCharsets.UTF_8));
    assertThat(authorizations).containsExactly(basic, basic, "null");
    assertThat(sandbox.resolve("stderr")).content().doesNotContain("p%40ss", "p@ss", "hidden");
  }

  @Test
  void aCancelledFetchIsToldAtOnceAndStops() throws Exception {
    CompletableFuture<FetchOutcome> outcome = new CompletableFuture<>();
    Fetch fetch = fetcher.fetch(request(null, uri("/stalls")), outcome::complete);
    Awaitility.await().until(() -> Files.exists(sandbox.resolve("stalls")));
    fetch.cancel();
    assertThat(outcome).isCompletedWithValueMatching(o -> o instanceof FetchOutcome.Failed);
    Awaitility.await().until(() -> Files.notExists(sandbox.resolve("stalls")));
    fetch.cancel();
  }

  @Test
  void theCacheIsAskedFirst() throws Exception {
    for (int i = 0; i < 3; i++) {
      assertThat(
              fetch(
                  uri("/file").setCache(true).setOutputFile("f" + i).setExecutable(true),
                  uri("/text.gz").setCache(true)))
          .isEqualTo(new FetchOutcome.Fetched());
      assertThat(sandbox.resolve("f" + i)).isExecutable();
    }
    assertThat(served).hasValue(1);
    assertThat(sandbox.resolve("text")).hasContent("text");
    assertThat(sandbox.resolve("text.gz")).as("as Mesos: unpacked only").doesNotExist();
    assertThat(fetcher.metrics().get("containerizer/fetcher/cache_size_used_bytes"))
        .isGreaterThan(20.0);
    assertThat(fetch(uri("/nothing").setCache(true))).isInstanceOf(FetchOutcome.Failed.class);
  }

  @Test
  void httpsIsFetchedFromServersThatAreTrustedAlone() throws Exception {
    TestCertificates certificates = new TestCertificates(folder.resolve("tls"));
    certificates.sign("server");
    Duration seldom = Duration.ofHours(1);
    try (Tls tls =
            Tls.server(certificates.write("server", "server"), false, seldom, new Counters());
        TestServer secure =
            new TestServer(
                HttpLimits.defaults(),
                LinkLimits.defaults(),
                tls,
                Route.at("/file", (request, to) -> to.respond(Response.text(200, "text"))))) {
      CommandInfo.URI.Builder uri =
          CommandInfo.URI
              .newBuilder()
              .setValue("https://127.0.0.1:" + secure.address().getPort() + "/file");
      assertFails(uri, "cannot connect to 127.0.0.1");

      fetcher.close();
      fetcher =
          new Fetcher(
              options(STALL),
              server.loops,
              Tls.client(
                  new TlsFiles(null, null, certificates.authority()), seldom, new Counters()),
              new Counters());
      assertThat(fetch(uri)).isEqualTo(new FetchOutcome.Fetched());
      assertThat(sandbox.resolve("file")).hasContent("text");
    }
  }

  /** The agent is root, the task is not: it must not get what its user may not read. */
  @Test
  @Tag("root")
  void filesOfThisMachineAreReadAsTheTasksUser() throws Exception {
    Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path open = Files.writeString(folder.resolve("open"), "for all");
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path closed = Files.writeString(folder.resolve("closed"), "for root");
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rw-------"));
    FileOwner nobody = new FileOwner(65534, 65534, List.of(65534L));

    assertThat(fetch(nobody, CommandInfo.URI.newBuilder().setValue(open.toString())))
        .isEqualTo(new FetchOutcome.Fetched());
    assertThat(sandbox.resolve("open")).hasContent("for all").isExecutable();
    assertThat(Files.getAttribute(sandbox.resolve("open"), "unix:uid")).isEqualTo(65534);
    assertThat(Files.getAttribute(sandbox, "unix:gid")).isEqualTo(65534);

    for (boolean cached : new boolean[] {false, true}) {
      assertThat(
              fetch(
                  nobody,
                  CommandInfo.URI.newBuilder().setValue(closed.toString()).setCache(cached)))
          .isInstanceOfSatisfying(
              FetchOutcome.Failed.class,
              failed -> assertThat(failed.message()).contains("Permission denied"));
      assertThat(sandbox.resolve("closed")).doesNotExist();
    }
    assertThat(fetch(nobody, CommandInfo.URI.newBuilder().setValue("/dev/zero")))
        .isInstanceOfSatisfying(
            FetchOutcome.Failed.class,
            failed -> assertThat(failed.message()).contains("no such file for this user"));
  }

  @Test
  void closingStopsWhatIsUnderWay() throws Exception {
    for (int i = 0; i < 5; i++) {
      var _ = fetcher.fetch(request(null, uri("/stalls").setOutputFile("s" + i)), outcome -> {});
    }
    Awaitility.await().until(() -> Files.exists(sandbox.resolve("s4")));
    long begun = System.nanoTime();
    fetcher.close();
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
  }
}
