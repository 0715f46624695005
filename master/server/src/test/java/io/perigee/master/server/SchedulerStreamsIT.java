package io.perigee.master.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.master.core.MasterEvent;
import io.perigee.master.core.SchedulerNotice;
import io.perigee.mesos.v1.MasterInfo;
import io.perigee.mesos.v1.TaskID;
import io.perigee.mesos.v1.TaskState;
import io.perigee.mesos.v1.TaskStatus;
import io.perigee.net.server.HttpLimits;
import io.perigee.net.server.Route;
import io.perigee.protocol.wire.WireFormat;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SchedulerStreamsIT {
  private static final MasterInfo MASTER =
      MasterInfo.newBuilder().setId("M").setIp(1).setPort(5050).build();

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final LinkedBlockingQueue<MasterEvent> events = new LinkedBlockingQueue<>();
  private final SchedulerStreams streams = new SchedulerStreams(MASTER, timer, events::add);
  private final CountDownLatch expected = new CountDownLatch(1);
  private Served served;

  @BeforeEach
  void serve() throws Exception {
    Route subscribe =
        Route.at(
            "/subscribe",
            (request, to) -> {
              streams.expect(7, "stream-7", WireFormat.JSON, to);
              expected.countDown();
            });
    served =
        new Served(HttpLimits.builder().streamBufferBytes(64 * 1024).build(), List.of(subscribe));
  }

  @AfterEach
  void stop() {
    served.close();
    timer.shutdownNow();
  }

  private Socket subscribe() throws Exception {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.connect(served.address());
    socket.setSoTimeout(20_000);
    socket.getOutputStream().write("GET /subscribe HTTP/1.1\r\nHost: m\r\n\r\n".getBytes(US_ASCII));
    assertThat(expected.await(20, TimeUnit.SECONDS)).isTrue();
    return socket;
  }

  private static String readUntil(Socket socket, String end) throws IOException {
    StringBuilder read = new StringBuilder();
    while (read.indexOf(end) < 0) {
      int c = socket.getInputStream().read();
      assertThat(c).as("after %s", read).isNotNegative();
      read.append((char) c);
    }
    return read.toString();
  }

  @Test
  void aSubscriptionIsAnsweredWithAHeartbeatRightBehind() throws Exception {
    try (Socket socket = subscribe()) {
      streams.send(7, new SchedulerNotice.Subscribed("F"));
      String answer = readUntil(socket, "\"HEARTBEAT\"");

      assertThat(answer)
          .startsWith("HTTP/1.1 200 OK\r\n")
          .contains("Mesos-Stream-Id: stream-7\r\n", "Transfer-Encoding: chunked\r\n")
          .containsSubsequence("\"SUBSCRIBED\"", "\"HEARTBEAT\"");
      streams.end(7);
      readUntil(socket, "\r\n0\r\n\r\n");
      assertThat(events.poll(20, TimeUnit.SECONDS)).isEqualTo(new MasterEvent.SchedulerGone(7));
      streams.send(7, new SchedulerNotice.Rescind("O")); // Nobody is there: no harm.
      streams.end(7);
    }
  }

  @Test
  void aSubscriberThatDoesNotReadIsCutAndCountedAndGone() throws Exception {
    TaskStatus status =
        TaskStatus.newBuilder()
            .setTaskId(TaskID.newBuilder().setValue("t"))
            .setState(TaskState.TASK_RUNNING)
            .setMessage("x".repeat(10_000))
            .build();
    try (Socket socket = subscribe()) {
      streams.send(7, new SchedulerNotice.Subscribed("F"));
      int sent = 0;
      while (events.isEmpty()) {
        assertThat(sent++).as("updates of 10 kB that were kept").isLessThan(100_000);
        streams.send(7, new SchedulerNotice.Update(status));
      }
      assertThat(events.poll()).isEqualTo(new MasterEvent.SchedulerGone(7));
      assertThat(served.counters.get("http_streams_ended_total{reason=\"slow_reader\"}"))
          .isEqualTo(1);
      assertThat(socket.isConnected()).isTrue();
    }
    assertThat(events).isEmpty();
  }

  @Test
  void aSubscriberThatLeftBeforeItsAnswerIsGone() throws Exception {
    subscribe().close();
    streams.send(7, new SchedulerNotice.Subscribed("F"));

    assertThat(events.poll(20, TimeUnit.SECONDS)).isEqualTo(new MasterEvent.SchedulerGone(7));
  }
}
