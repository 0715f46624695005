package io.perigee.net.link;

import static io.perigee.net.RawClient.crlf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.perigee.common.SeededRandom;
import io.perigee.net.Counters;
import io.perigee.net.EventLoops;
import io.perigee.net.RawClient;
import io.perigee.net.RecordingAppender;
import io.perigee.net.TestServer;
import io.perigee.net.auth.Authentication;
import io.perigee.net.auth.Principal;
import io.perigee.net.client.ClientLimits;
import io.perigee.net.client.HttpClient;
import io.perigee.net.client.HttpFailure;
import io.perigee.net.http.Headers;
import io.perigee.net.http.Response;
import io.perigee.net.server.HttpLimits;
import io.perigee.net.server.Route;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The framed link, both sides. */
@Timeout(60)
class LinkIT {
  private static final String PATH = "/perigee/v1/agent-link";
  private static final String PROTOCOL = "perigee-agent/1";
  private static final LinkLimits LIMITS = new LinkLimits(1 << 20, 2 << 20);
  private static final String UPGRADE =
      crlf(
          """
          GET /master/perigee/v1/agent-link HTTP/1.1
          Connection: keep-alive, Upgrade
          Upgrade: perigee-agent/1

          """);

  /** Remembers all. */
  private static class Side implements LinkListener {
    final CompletableFuture<FrameLink> link = new CompletableFuture<>();
    final LinkedBlockingQueue<byte[]> frames = new LinkedBlockingQueue<>();
    final LinkedBlockingQueue<LinkClosed> closed = new LinkedBlockingQueue<>();

    @Override
    public void onOpened(FrameLink opened) {
      link.complete(opened);
    }

    @Override
    public void onFrame(byte[] frame) {
      frames.add(frame);
    }

    @Override
    public void onClosed(LinkClosed reason) {
      closed.add(reason);
    }

    String text() throws InterruptedException {
      byte[] frame = frames.poll(20, TimeUnit.SECONDS);
      assertThat(frame).isNotNull();
      return new String(frame, StandardCharsets.UTF_8);
    }

    LinkClosed end() throws InterruptedException {
      LinkClosed reason = closed.poll(20, TimeUnit.SECONDS);
      assertThat(reason).isNotNull();
      return reason;
    }
  }

  private final Counters counters = new Counters();
  private final EventLoops loops = new EventLoops("test-client", 2);
  private final HttpClient client =
      new HttpClient(loops, ClientLimits.defaults(), LIMITS, null, counters);
  private final LinkedBlockingQueue<LinkAcceptance> answers = new LinkedBlockingQueue<>();
  private final LinkedBlockingQueue<String> askers = new LinkedBlockingQueue<>();
  private final Side near = new Side();
  private final Side far = new Side();
  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    server =
        new TestServer(
            HttpLimits.builder().idleTime(Duration.ofSeconds(2)).build(),
            LIMITS,
            null,
            Route.upgrade(
                    PATH,
                    PROTOCOL,
                    (head, principal) -> {
                      askers.add(head + " by " + (principal == null ? "-" : principal.value()));
                      LinkAcceptance answer = answers.poll();
                      return answer == null ? new LinkAcceptance.Accepted(far) : answer;
                    })
                .authenticatedBy(head ->
                    CompletableFuture.completedFuture(
                        new Authentication.Authenticated(
                            Principal.named(head.headers().get("X-Name") + "")))));
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
    loops.close();
    assertThat(near.closed).as("ends that were told twice").isEmpty();
    assertThat(far.closed).as("ends that were told twice").isEmpty();
    assertThat(counters.get("link_open")).isZero();
    assertThat(server.counters.get("link_open")).isZero();
  }

  private CompletableFuture<FrameLink> open() {
    return client.openLink(server.uri(PATH), Headers.of("X-Name", "agent-1"), PROTOCOL, near);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] frame(String text) {
    return ByteBuffer.allocate(4 + text.length()).putInt(text.length()).put(bytes(text)).array();
  }

  @Test
  void framesGoBothWays() throws Exception {
    FrameLink link = open().get();
    assertThat(askers.take()).isEqualTo("GET /perigee/v1/agent-link by agent-1");
    FrameLink back = far.link.get();
    assertThat(link.send(bytes("to the master"))).isTrue();
    assertThat(link.send(out -> out.write(bytes("encoded")), 1)).isTrue();
    assertThat(link.send(new byte[0])).isTrue();
    assertThat(List.of(far.text(), far.text(), far.text()))
        .containsExactly("to the master", "encoded", "");
    assertThat(back.send(bytes("to the agent"))).isTrue();
    assertThat(near.text()).isEqualTo("to the agent");
    assertThat(link.remoteAddress()).isEqualTo(server.address());
    await().untilAsserted(() -> assertThat(link.bytesOut()).isEqualTo(4 + 13 + 4 + 7 + 4));
    assertThat(back.bytesIn()).isEqualTo(32);
    assertThat(link.bytesIn()).isEqualTo(16);
    Thread.sleep(2500); // Longer than an HTTP connection may be idle.
    assertThat(link.send(bytes("still there"))).isTrue();
    assertThat(far.text()).isEqualTo("still there");
    assertThat(server.counters.get("link_frames_total{direction=\"in\"}")).isEqualTo(4);

    link.close("not needed any more");
    assertThat(link.send(bytes("late"))).isFalse();
    assertThat(near.end())
        .isEqualTo(new LinkClosed(LinkClosed.Kind.CLOSED_HERE, "not needed any more"));
    assertThat(far.end().kind()).isEqualTo(LinkClosed.Kind.CLOSED_BY_PEER);
    assertThat(back.send(bytes("late"))).isFalse();
  }

  @Test
  void wireIsAsWritten() throws Exception {
    try (RawClient agent = server.connect()) {
      // The first frames come in the same packet as the request.
      agent.send(UPGRADE + new String(frame("one"), StandardCharsets.ISO_8859_1) + "\0\0");
      assertThat(agent.readResponse())
          .isEqualTo(
              crlf(
                  """
                  HTTP/1.1 101 Switching Protocols
                  Date: now
                  Connection: Upgrade
                  Upgrade: perigee-agent/1

                  """));
      assertThat(far.text()).isEqualTo("one");
      agent.send("\0\3two");
      assertThat(far.text()).isEqualTo("two");
      far.link.get().send(bytes("three"));
      assertThat(agent.read(9)).isEqualTo("\0\0\0\5three");
    }
    assertThat(far.end().kind()).isEqualTo(LinkClosed.Kind.CLOSED_BY_PEER);
  }

  @Test
  void nothingIsReceivedAfterClose() throws Exception {
    Side strict =
        new Side() {
          @Override
          public void onFrame(byte[] frame) {
            super.onFrame(frame);
            link.join().close("no more");
          }
        };
    answers.add(new LinkAcceptance.Accepted(strict));
    try (RawClient agent = server.connect()) {
      // Both frames in one packet: the second one is there already when the first is told.
      agent.send(UPGRADE + new String(frame("one"), StandardCharsets.ISO_8859_1) + "\0\0\0\3two");
      assertThat(strict.text()).isEqualTo("one");
      assertThat(strict.end().kind()).isEqualTo(LinkClosed.Kind.CLOSED_HERE);
    }
    assertThat(strict.frames).isEmpty();
  }

  @Test
  void upgradeWaitsForEarlierAnswers() throws Exception {
    try (RawClient agent = server.connect()) {
      agent.send("GET /none HTTP/1.1\r\n\r\n" + UPGRADE + "\0\0\0\1x");
      assertThat(agent.readResponse()).startsWith("HTTP/1.1 404 ");
      assertThat(agent.readResponse()).startsWith("HTTP/1.1 101 ");
      assertThat(far.text()).isEqualTo("x");
    }
    far.end();
  }

  @Test
  void otherRequestsAreNotUpgraded() throws Exception {
    try (RawClient agent = server.connect()) {
      agent.send("GET " + PATH + " HTTP/1.1\r\n\r\n");
      assertThat(agent.readResponse())
          .startsWith("HTTP/1.1 426 Upgrade Required\r\n")
          .contains("\r\nUpgrade: perigee-agent/1\r\n");
      agent.send(UPGRADE.replace("agent/1", "agent/2"));
      assertThat(agent.readResponse()).startsWith("HTTP/1.1 426 ");
      agent.send(UPGRADE.replace("GET", "HEAD"));
      assertThat(agent.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 426 ");
      agent.send(UPGRADE.replace("GET", "POST"));
      assertThat(agent.readResponse()).startsWith("HTTP/1.1 405 ");
      answers.add(new LinkAcceptance.Refused(Response.text(503, "not the leader")));
      agent.send(UPGRADE);
      assertThat(agent.readResponse()).startsWith("HTTP/1.1 503 ").endsWith("not the leader");
      agent.send(UPGRADE);
      assertThat(agent.readResponse()).startsWith("HTTP/1.1 101 ");
    }
    far.end();
  }

  @Test
  void refusalIsAFailureWithItsText() {
    answers.add(new LinkAcceptance.Refused(Response.text(403, "not this agent")));
    assertThatThrownBy(() -> open().get())
        .cause()
        .isInstanceOf(HttpFailure.class)
        .hasMessage("GET %s: 403 not this agent", server.uri(PATH))
        .extracting(failure -> ((HttpFailure) failure).kind())
        .isEqualTo(HttpFailure.Kind.UPGRADE_REFUSED);
    await().until(() -> counters.get("client_connections_open") == 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u007f\u00ff\u00ff\u00ff", "\u00ff\u00ff\u00ff\u00ff", "\0\u0010\0\1"})
  void absurdLengthClosesTheLink(String length) throws Exception {
    try (RawClient agent = server.connect()) {
      agent.send(UPGRADE + length + "garbage");
      assertThat(far.end().kind()).isEqualTo(LinkClosed.Kind.FRAME_TOO_LARGE);
      assertThat(agent.readToEnd()).startsWith("HTTP/1.1 101 ");
    }
    assertThat(server.counters.get("link_closed_total{reason=\"frame_too_large\"}")).isEqualTo(1);
    assertThat(far.frames).isEmpty();
  }

  @Test
  void anyCutOfTheBytesGivesTheSameFrames() throws Exception {
    long seed = System.nanoTime();
    SeededRandom random = new SeededRandom(seed);
    try (RawClient agent = server.connect()) {
      agent.send(UPGRADE);
      List<Integer> hashes = new ArrayList<>();
      ByteBuffer wire = ByteBuffer.allocate(4 << 20);
      for (int i = 0; i < 200; i++) {
        byte[] frame = new byte[random.nextInt(random.chance(0.05) ? 200_000 : 40)];
        Arrays.fill(frame, (byte) i);
        wire.putInt(frame.length).put(frame);
        hashes.add(Arrays.hashCode(frame));
      }
      for (int at = 0; at < wire.position(); ) {
        int most = at < 2_000 ? 10 : 100_000;
        int length = Math.min(wire.position() - at, 1 + random.nextInt(most));
        agent.send(Arrays.copyOfRange(wire.array(), at, at + length));
        at += length;
      }
      for (int i = 0; i < 200; i++) {
        assertThat(Arrays.hashCode(far.frames.poll(20, TimeUnit.SECONDS)))
            .as("seed %d, frame %d", seed, i)
            .isEqualTo(hashes.get(i));
      }
    }
    far.end();
  }

  @Test
  void pausedSideHoldsTheOtherBack() throws Exception {
    FrameLink link = open().get();
    FrameLink back = far.link.get();
    back.pauseReading();
    int sent = 0;
    while (link.isWritable()) {
      assertThat(link.send(new byte[1000])).isTrue();
      sent++;
    }
    assertThat(far.frames.size()).isLessThan(sent);
    back.resumeReading();
    int all = sent;
    await().untilAsserted(() -> assertThat(far.frames).hasSize(all));
    assertThat(link.isWritable()).isTrue();
    link.close("done");
    near.end();
    far.end();
  }

  @Test
  void listenerThatPausesHearsNothingUntilItResumes() throws Exception {
    Side oneByOne =
        new Side() {
          @Override
          public void onFrame(byte[] frame) {
            super.onFrame(frame);
            link.join().pauseReading();
          }
        };
    answers.add(new LinkAcceptance.Accepted(oneByOne));
    try (RawClient agent = server.connect()) {
      agent.send(UPGRADE + "\0\0\0\1a\0\0\0\1b\0\0\0\1c");
      for (String expected : List.of("a", "b", "c")) {
        assertThat(oneByOne.text()).isEqualTo(expected);
        assertThat(oneByOne.frames.poll(50, TimeUnit.MILLISECONDS)).isNull();
        oneByOne.link.get().resumeReading();
      }
    }
    assertThat(oneByOne.end().kind()).isEqualTo(LinkClosed.Kind.CLOSED_BY_PEER);
  }

  @Test
  void sideThatDoesNotReadOverflowsTheLink() throws Exception {
    FrameLink link = open().get();
    far.link.get().pauseReading();
    byte[] frame = new byte[10_000];
    int sent = 0;
    while (link.send(frame)) {
      sent++;
    }
    assertThat(near.end())
        .isEqualTo(
            new LinkClosed(LinkClosed.Kind.OVERFLOW, "more than 2097152 bytes waited to be sent"));
    assertThat((long) sent * frame.length).isBetween(1L << 20, 32L << 20);
    assertThat(counters.get("link_closed_total{reason=\"overflow\"}")).isEqualTo(1);
    far.link.get().resumeReading();
    far.end();
  }

  @Test
  void closeSendsWhatWaits() throws Exception {
    FrameLink link = open().get();
    for (int i = 0; i < 1000; i++) {
      assertThat(link.send(bytes("frame " + i))).isTrue();
    }
    link.close("done");
    for (int i = 0; i < 1000; i++) {
      assertThat(far.text()).isEqualTo("frame " + i);
    }
    near.end();
    far.end();
  }

  @Test
  void stopOfTheServerClosesItsLinks() throws Exception {
    FrameLink link = open().get();
    far.link.get().send(bytes("last"));
    server.server.stop(Duration.ofSeconds(20));
    assertThat(near.text()).isEqualTo("last");
    assertThat(far.end().kind()).isEqualTo(LinkClosed.Kind.SHUTDOWN);
    assertThat(near.end().kind()).isEqualTo(LinkClosed.Kind.CLOSED_BY_PEER);
    assertThat(link.send(bytes("late"))).isFalse();
  }

  @Test
  void brokenEncoderAndBrokenListenerEndTheLink() throws Exception {
    FrameLink link = open().get();
    link.send(
        out -> {
          throw new IOException("broken on purpose");
        },
        1);
    assertThat(near.end().kind()).isEqualTo(LinkClosed.Kind.BROKEN);
    assertThat(far.end().kind()).isEqualTo(LinkClosed.Kind.CLOSED_BY_PEER);
    Side broken =
        new Side() {
          @Override
          public void onFrame(byte[] frame) {
            throw new IllegalStateException("broken too");
          }
        };
    answers.add(new LinkAcceptance.Accepted(broken));
    open().get().send(bytes("x"));
    assertThat(broken.end().kind()).isEqualTo(LinkClosed.Kind.BROKEN);
    assertThat(near.end().kind()).isEqualTo(LinkClosed.Kind.CLOSED_BY_PEER);
    assertThat(RecordingAppender.take())
        .satisfiesExactly(
            line ->
                assertThat(line).endsWith("an encoder failed, the link ends: broken on purpose"),
            line -> assertThat(line).endsWith("the listener failed, the link ends: broken too"));
  }
}
