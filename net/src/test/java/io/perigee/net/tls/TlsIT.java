package io.perigee.net.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.perigee.net.Counters;
import io.perigee.net.EventLoops;
import io.perigee.net.RawClient;
import io.perigee.net.RecordingAppender;
import io.perigee.net.TestServer;
import io.perigee.net.client.ClientLimits;
import io.perigee.net.client.ClientRequest;
import io.perigee.net.client.ClientResponse;
import io.perigee.net.client.HttpClient;
import io.perigee.net.client.HttpFailure;
import io.perigee.net.http.Headers;
import io.perigee.net.http.Response;
import io.perigee.net.link.FrameLink;
import io.perigee.net.link.LinkAcceptance;
import io.perigee.net.link.LinkClosed;
import io.perigee.net.link.LinkLimits;
import io.perigee.net.link.LinkListener;
import io.perigee.net.server.HttpLimits;
import io.perigee.net.server.ResponseStream;
import io.perigee.net.server.Route;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** TLS and mutual TLS between our server and our client, and certificates that change. */
@Timeout(60)
class TlsIT {
  private static final Duration OFTEN = Duration.ofMillis(50);

  @SuppressWarnings("NullAway.Init") // Made once for all tests, since keytool is slow.
  private static TestCertificates ours;

  @SuppressWarnings("NullAway.Init") // As above.
  private static TestCertificates strangers;

  private final Counters counters = new Counters();
  private final EventLoops loops = new EventLoops("test", 2);

  @BeforeAll
  static void makeCertificates(@TempDir Path folder) throws Exception {
    ours = new TestCertificates(folder.resolve("ours"));
    strangers = new TestCertificates(folder.resolve("strangers"));
    ours.sign("server");
    ours.sign("renewed");
    ours.sign("agent");
  }

  @AfterEach
  void stop() {
    loops.close();
  }

  private Tls server(TlsFiles files, boolean requiresCertificate) throws Exception {
    return Tls.server(files, requiresCertificate, OFTEN, counters);
  }

  private static TestServer start(Tls tls) throws Exception {
    return new TestServer(
        HttpLimits.builder().headerTime(Duration.ofSeconds(5)).build(),
        LinkLimits.defaults(),
        tls,
        Route.at(
            "/",
            (request, responder) -> {
              var certificate = request.head().certificate();
              responder.respond(
                  Response.text(
                      200,
                      certificate == null
                          ? "nobody"
                          : certificate.getSubjectX500Principal().getName()));
            }),
        Route.at(
            "/stream",
            (request, responder) -> {
              ResponseStream stream = responder.openStream(200, Headers.EMPTY, reason -> {});
              stream.send(new byte[100_000]);
              stream.close();
            }),
        Route.upgrade(
            "/link",
            "echo/1",
            (head, principal) ->
                head.certificate() == null
                    ? new LinkAcceptance.Refused(Response.of(403))
                    : new LinkAcceptance.Accepted(new Echo())));
  }

  /** Sends back what it gets; closes the link when it gets nothing. */
  private static class Echo implements LinkListener {
    @SuppressWarnings("NullAway.Init") // Opened first.
    private FrameLink link;

    @Override
    public void onOpened(FrameLink opened) {
      link = opened;
    }

    @Override
    public void onFrame(byte[] frame) {
      if (frame.length > 0) {
        link.send(frame);
      } else {
        link.close("asked to");
      }
    }

    @Override
    public void onClosed(LinkClosed reason) {}
  }

  private HttpClient client(Tls tls) {
    return new HttpClient(loops, ClientLimits.defaults(), LinkLimits.defaults(), tls, counters);
  }

  private static URI uri(TestServer server, String host, String path) {
    return URI.create("https://" + host + ":" + server.address().getPort() + path);
  }

  private ClientResponse ask(TestServer server, TlsFiles files) throws Exception {
    return ask(server, "127.0.0.1", files);
  }

  /** Asks on a new connection. */
  private ClientResponse ask(TestServer server, String host, TlsFiles files) throws Exception {
    try (Tls tls = Tls.client(files, Duration.ofHours(1), counters);
        HttpClient client = client(tls)) {
      return client.send(ClientRequest.get(uri(server, host, "/"))).get();
    }
  }

  private static TlsFiles trustAlone() {
    return new TlsFiles(null, null, ours.authority());
  }

  @Test
  void clientKnowsTheServerByItsAuthority() throws Exception {
    TlsFiles files = ours.write("server", "plain");
    try (Tls tls = server(new TlsFiles(files.certificates(), files.key(), null), false);
        TestServer server = start(tls)) {
      assertThat(ask(server, trustAlone()).text()).isEqualTo("nobody");
      // A certificate nobody asked for is not shown.
      assertThat(ask(server, ours.write("agent", "agent")).text()).isEqualTo("nobody");
      assertThatThrownBy(() -> ask(server, new TlsFiles(null, null, strangers.authority())))
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(HttpFailure.class)
          .hasMessageContaining(
              "GET https://127.0.0.1:%d/: cannot connect to 127.0.0.1:%1$d: ",
              server.address().getPort())
          .hasMessageContaining("PKIX path")
          .extracting(failure -> ((HttpFailure) failure).kind())
          .isEqualTo(HttpFailure.Kind.CONNECT_FAILED);
      await().until(() -> server.counters.get("http_tls_handshake_failures_total") == 1);
    }
  }

  @Test
  void certificateMustBeThatOfTheHost() throws Exception {
    try (Tls tls = server(ours.write("server", "host"), false);
        TestServer server = start(tls)) {
      assertThat(ask(server, "127.0.0.1", trustAlone()).status()).isEqualTo(200);
      assertThatThrownBy(() -> ask(server, "localhost", trustAlone()))
          .cause()
          .isInstanceOf(HttpFailure.class)
          .hasMessageContaining("No subject alternative DNS name matching localhost found");
    }
  }

  @Test
  void streamsAndLinksAreEncryptedToo() throws Exception {
    LinkedBlockingQueue<byte[]> frames = new LinkedBlockingQueue<>();
    LinkedBlockingQueue<LinkClosed> closed = new LinkedBlockingQueue<>();
    LinkListener near =
        new Echo() {
          @Override
          public void onFrame(byte[] frame) {
            frames.add(frame);
          }

          @Override
          public void onClosed(LinkClosed reason) {
            closed.add(reason);
          }
        };
    try (Tls tls = server(ours.write("server", "link"), false);
        TestServer server = start(tls);
        Tls agentTls = Tls.client(ours.write("agent", "agent"), OFTEN, counters);
        HttpClient client = client(agentTls)) {
      ClientRequest request = ClientRequest.get(uri(server, "127.0.0.1", "/stream"));
      assertThat(client.send(request).get().body()).hasSize(100_000);
      assertThat(client.send(request.with("X", "again")).get().body()).hasSize(100_000);
      FrameLink link =
          client.openLink(uri(server, "127.0.0.1", "/link"), Headers.EMPTY, "echo/1", near).get();
      for (int size : new int[] {1, 1000, 1_000_000}) {
        assertThat(link.send(new byte[size])).isTrue();
        assertThat(frames.poll(20, TimeUnit.SECONDS)).hasSize(size);
      }
      assertThat(link.send(new byte[0])).isTrue();
      LinkClosed reason = closed.poll(20, TimeUnit.SECONDS);
      assertThat(reason).isNotNull();
      assertThat(reason.kind()).isEqualTo(LinkClosed.Kind.CLOSED_BY_PEER);
      // Both sides left at once, nobody waited for the five seconds to pass.
      await()
          .atMost(Duration.ofSeconds(4))
          .until(() -> server.counters.get("http_connections_open") == 1);
    }
  }

  @Test
  void serverKnowsTheClientByItsCertificate() throws Exception {
    try (Tls tls = server(ours.write("server", "mutual"), true);
        TestServer server = start(tls)) {
      assertThat(ask(server, ours.write("agent", "agent")).text()).isEqualTo("CN=agent");
      TlsFiles stranger = strangers.write("ca", "agent");
      for (TlsFiles refused :
          List.of(
              trustAlone(),
              new TlsFiles(stranger.certificates(), stranger.key(), ours.authority()))) {
        assertThatThrownBy(() -> ask(server, refused)).cause().isInstanceOf(HttpFailure.class);
      }
      await()
          .untilAsserted(() ->
              assertThat(server.counters.get("http_tls_handshake_failures_total")).isEqualTo(2));
      assertThat(server.counters.get("http_requests_total{code=\"2xx\"}")).isEqualTo(1);
    }
  }

  @Test
  void certificateMayBeOptional() throws Exception {
    try (Tls tls = server(ours.write("server", "optional"), false);
        TestServer server = start(tls)) {
      assertThat(ask(server, ours.write("agent", "agent")).text()).isEqualTo("CN=agent");
      assertThat(ask(server, trustAlone()).text()).isEqualTo("nobody");
    }
  }

  @Test
  void newFilesAreUsedAndBrokenOnesAreNot() throws Exception {
    TlsFiles files = ours.write("server", "reloaded");
    Path certificates = ours.file("reloaded.crt");
    try (Tls tls = server(files, false);
        TestServer server = start(tls)) {
      assertThat(shownBy(server)).isEqualTo("CN=server");
      // One file is there before the other: a pair that does not fit is not used.
      TestCertificates.replace(certificates, ours.certificate("renewed"));
      await().until(() -> counters.get("tls_reloads_total{result=\"failed\"}") == 1);
      assertThat(shownBy(server)).isEqualTo("CN=server");
      ours.write("renewed", "reloaded");
      await().until(() -> counters.get("tls_reloads_total{result=\"ok\"}") == 1);
      assertThat(shownBy(server)).isEqualTo("CN=renewed");

      TestCertificates.replace(certificates, "rubbish");
      await().until(() -> counters.get("tls_reloads_total{result=\"failed\"}") == 2);
      Files.delete(certificates);
      await().until(() -> counters.get("tls_reloads_total{result=\"failed\"}") == 3);
      assertThat(shownBy(server)).isEqualTo("CN=renewed");
      Thread.sleep(OFTEN.multipliedBy(4));
      assertThat(counters.get("tls_reloads_total{result=\"failed\"}")).isEqualTo(3);
    }
    String broken = "TLS files have changed and do not work, the old ones stay in use: ";
    assertThat(RecordingAppender.take())
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .startsWith(broken)
                    .endsWith("the private key is not that of the certificate"),
            line -> assertThat(line).startsWith("TLS files were read again: ["),
            line -> assertThat(line).startsWith(broken).contains("reloaded.crt", "ertificate"),
            line -> assertThat(line).startsWith(broken).contains("reloaded.crt cannot be read"));
  }

  /** The name in the certificate that the server shows. */
  private static String shownBy(TestServer server) throws Exception {
    var trust = KeyStore.getInstance("PKCS12");
    trust.load(null, null);
    var authority =
        CertificateFactory.getInstance("X.509")
            .generateCertificate(Files.newInputStream(ours.authority()));
    trust.setCertificateEntry("ca", authority);
    var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trust);
    var context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    try (var socket =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(server.address().getAddress(), server.address().getPort())) {
      socket.startHandshake();
      RawClient client = new RawClient(socket);
      assertThat(client.send("GET / HTTP/1.1\r\nConnection: close\r\n\r\n").readToEnd())
          .startsWith("HTTP/1.1 200 OK\r\n")
          .endsWith("nobody");
      return socket.getSession().getPeerPrincipal().getName();
    }
  }

  @Test
  void unusableFilesAreReportedAtTheStart() throws Exception {
    TlsFiles good = ours.write("server", "start");
    Path missing = Path.of("no", "such.crt");
    assertThatThrownBy(() -> server(new TlsFiles(missing, good.key(), null), false))
        .isInstanceOf(TlsException.class)
        .hasMessageContaining("such.crt cannot be read");
    assertThatThrownBy(
            () -> server(new TlsFiles(good.certificates(), good.certificates(), null), false))
        .isInstanceOf(TlsException.class)
        .hasMessageContaining("no private key in the file (expected: PKCS#8, ");
    assertThatThrownBy(() -> new TlsFiles(good.certificates(), null, null))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void plainTextAndSilenceAreNotTls() throws Exception {
    try (Tls tls = server(ours.write("server", "noise"), false);
        TestServer server = start(tls)) {
      try (RawClient plain = server.connect();
          RawClient silent = server.connect()) {
        plain.send("GET / HTTP/1.1\r\n\r\n");
        assertThat(plain.readToEnd()).doesNotContain("HTTP");
        assertThat(silent.readToEnd()).isEmpty();
      }
      await().until(() -> server.counters.get("http_tls_handshake_failures_total") == 2);
      await().until(() -> server.counters.get("http_connections_open") == 0);
    }
  }
}
