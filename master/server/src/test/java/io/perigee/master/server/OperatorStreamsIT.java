package io.perigee.master.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.master.core.OperatorNotice;
import io.perigee.master.core.cluster.ClusterSnapshot;
import io.perigee.mesos.v1.master.Event;
import io.perigee.mesos.v1.master.Response.GetState;
import io.perigee.net.server.HttpLimits;
import io.perigee.net.server.Route;
import io.perigee.protocol.Decoded;
import io.perigee.protocol.recordio.RecordDecoder;
import io.perigee.protocol.wire.WireFormat;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Subscribers that read, and such that do not. */
@Timeout(60)
class OperatorStreamsIT {
  private static final ClusterSnapshot NOTHING = Recorded.cluster(GetState.getDefaultInstance());

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final AtomicLong numbers = new AtomicLong();
  private final BlockingQueue<Long> asked = new LinkedBlockingQueue<>();
  private Served served;
  private OperatorStreams streams;

  @BeforeEach
  void serve() throws Exception {
    Route subscribe =
        Route.at(
            "/subscribe",
            (request, to) -> {
              long number = numbers.incrementAndGet();
              streams.expect(number, WireFormat.JSON, to);
              asked.add(number);
            });
    served = new Served(HttpLimits.defaults(), List.of(subscribe));
    streams =
        new OperatorStreams(
            new OperatorStreams.Limits(4, 1000, 256 * 1024), timer, served.counters);
  }

  @AfterEach
  void stop() {
    served.close();
    streams.close();
    timer.shutdownNow();
  }

  /** Asks, and returns the number under which the answer is expected. */
  private long ask(Socket socket) throws Exception {
    socket.connect(served.address());
    socket.setSoTimeout(20_000);
    socket.getOutputStream().write("GET /subscribe HTTP/1.0\r\nHost: m\r\n\r\n".getBytes(US_ASCII));
    Long number = asked.poll(20, TimeUnit.SECONDS);
    assertThat(number).isNotNull();
    return number;
  }

  private void subscribe(Socket socket) throws Exception {
    streams.open(ask(socket), NOTHING);
  }

  private void publish(String agentId) {
    streams.publish(new OperatorNotice.AgentRemoved(agentId));
    streams.flush();
  }

  private long dropped(String reason) {
    return served.counters.get("operator_subscribers_dropped_total{reason=\"" + reason + "\"}");
  }

  /** A subscriber that reads. */
  private static final class Reader {
    private final Socket socket;
    private final RecordDecoder records = new RecordDecoder(1 << 20);
    private final List<String> ids = new ArrayList<>();

    Reader(Socket socket) throws IOException {
      this.socket = socket;
      readHead(socket);
    }

    /** Reads events until one removes the agent of that id; returns the ids of all removed. */
    List<String> readUntil(String last) throws IOException {
      byte[] some = new byte[8192];
      while (ids.isEmpty() || !ids.getLast().equals(last)) {
        int count = socket.getInputStream().read(some);
        assertThat(count).as("after %s", ids.size()).isPositive();
        records.feed(Arrays.copyOf(some, count), this::take);
      }
      return ids;
    }

    private void take(byte[] record) {
      Event event =
          ((Decoded.Parsed<Event>) WireFormat.JSON.decode(record, Event.getDefaultInstance()))
              .message();
      if (event.hasAgentRemoved()) {
        ids.add(event.getAgentRemoved().getAgentId().getValue());
      }
    }
  }

  private static void readHead(Socket socket) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int c = socket.getInputStream().read();
      assertThat(c).as("after %s", head).isNotNegative();
      head.append((char) c);
    }
    assertThat(head.toString())
        .startsWith("HTTP/1.1 200 OK")
        .contains("Content-Type: application/json");
  }

  @Test
  void whoStopsReadingIsDroppedAndOthersMissNothing() throws Exception {
    try (Socket reader = new Socket();
        Socket stopped = new Socket()) {
      subscribe(reader);
      stopped.setReceiveBufferSize(4096);
      subscribe(stopped);
      List<String> expected = new ArrayList<>();
      Reader reading = new Reader(reader);
      while (dropped("slow_reader") == 0) {
        assertThat(expected).hasSizeLessThan(100_000);
        for (int i = 0; i < 20; i++) {
          expected.add("agent-" + expected.size() + "x".repeat(1000));
          publish(expected.getLast());
        }
        assertThat(reading.readUntil(expected.getLast())).hasSameSizeAs(expected);
      }
      expected.add("last");
      publish("last");

      assertThat(reading.readUntil("last")).isEqualTo(expected);
      assertThat(dropped("slow_reader")).isEqualTo(1);
      assertThat(streams.subscribers()).isEqualTo(1);
      assertThat(expected.size()).isGreaterThan(100);
    }
    Awaitility.await().until(() -> streams.subscribers() == 0);
    assertThat(dropped("slow_reader")).isEqualTo(1);
  }

  @Test
  void theOldestGoesWhenThereAreTooMany() throws Exception {
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < 5; i++) {
        sockets.add(new Socket());
        subscribe(sockets.getLast());
      }
      Awaitility.await().until(() -> streams.subscribers() == 4);
      publish("last");
      for (Socket younger : sockets.subList(1, 5)) {
        assertThat(new Reader(younger).readUntil("last")).containsExactly("last");
      }
      assertThat(dropped("too_many")).isEqualTo(1);
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  @Test
  void ifMoreHappensThanIsKeptAllSubscribeAnew() throws Exception {
    try (Socket before = new Socket();
        Socket after = new Socket()) {
      subscribe(before);
      for (int i = 0; i < 1001; i++) {
        streams.publish(new OperatorNotice.AgentRemoved("lost"));
      }
      streams.flush();
      subscribe(after);
      publish("last");

      assertThat(new Reader(after).readUntil("last")).containsExactly("last");
      assertThat(dropped("events_lost")).isEqualTo(1);
    }
  }

  @Test
  void nothingIsKeptWhileNobodyIsSubscribed() throws Exception {
    for (int i = 0; i < 2000; i++) {
      publish("unheard");
    }
    try (Socket socket = new Socket()) {
      subscribe(socket);
      publish("last");

      assertThat(new Reader(socket).readUntil("last")).containsExactly("last");
      assertThat(dropped("events_lost")).isZero();
    }
  }

  @Test
  void whoLeftBeforeItsAnswerIsForgotten() throws Exception {
    long number;
    try (Socket socket = new Socket()) {
      number = ask(socket);
    }
    streams.open(number, NOTHING);
    Awaitility.await().until(() -> streams.subscribers() == 0);
    streams.open(99, NOTHING); // Nobody asked.
    assertThat(streams.subscribers()).isZero();
  }
}
