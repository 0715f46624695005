package io.perigee.master.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.link.Pong;
import io.perigee.link.Register;
import io.perigee.link.StatusUpdate;
import io.perigee.link.ToMaster;
import io.perigee.master.core.MasterEvent;
import io.perigee.mesos.v1.AgentInfo;
import io.perigee.mesos.v1.FrameworkID;
import io.perigee.mesos.v1.TaskID;
import io.perigee.mesos.v1.TaskState;
import io.perigee.mesos.v1.TaskStatus;
import io.perigee.net.Counters;
import io.perigee.net.client.ClientLimits;
import io.perigee.net.client.HttpClient;
import io.perigee.net.client.HttpFailure;
import io.perigee.net.http.Headers;
import io.perigee.net.link.FrameLink;
import io.perigee.net.link.LinkClosed;
import io.perigee.net.link.LinkLimits;
import io.perigee.net.link.LinkListener;
import io.perigee.net.server.HttpLimits;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class AgentLinksIT {
  private static final byte[] REGISTER =
      ToMaster.newBuilder()
          .setRegister(
              Register.newBuilder()
                  .setAgentInfo(AgentInfo.newBuilder().setHostname("h"))
                  .setIp("127.0.0.1")
                  .setVersion("1.11.0")
                  .setProcessId("p"))
          .build()
          .toByteArray();

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final LinkedBlockingQueue<MasterEvent> events = new LinkedBlockingQueue<>();
  private volatile boolean isFull;
  private Served served;
  private HttpClient http;

  @BeforeEach
  void serve() throws Exception {
    AgentLinks links =
        new AgentLinks(event -> !isFull && events.add(event), events::add, new AtomicLong(), timer);
    served = new Served(HttpLimits.defaults(), List.of(links.route()));
    http =
        new HttpClient(
            served.loops, ClientLimits.defaults(), LinkLimits.defaults(), null, new Counters());
  }

  @AfterEach
  void stop() {
    http.close();
    served.close();
    timer.shutdownNow();
  }

  private static final class Agent implements LinkListener {
    private final CountDownLatch closed = new CountDownLatch(1);

    @Override
    public void onOpened(FrameLink link) {}

    @Override
    public void onFrame(byte[] frame) {}

    @Override
    public void onClosed(LinkClosed reason) {
      closed.countDown();
    }
  }

  private FrameLink open(Agent agent, String protocol) throws Exception {
    return http.openLink(served.uri(AgentLinks.PATH), Headers.EMPTY, protocol, agent).get();
  }

  private MasterEvent next() throws InterruptedException {
    MasterEvent event = events.poll(20, TimeUnit.SECONDS);
    assertThat(event).isNotNull();
    return event;
  }

  @Test
  void anotherVersionOfTheLinkIsRefused() {
    assertThatThrownBy(() -> open(new Agent(), "perigee-agent/2"))
        .hasCauseInstanceOf(HttpFailure.class)
        .hasMessageContaining("426");
    assertThat(events).isEmpty();
  }

  @Test
  void framesBecomeEventsUntilTheLinkEnds() throws Exception {
    FrameLink link = open(new Agent(), AgentLinks.PROTOCOL);
    link.send(REGISTER);
    link.send(ToMaster.newBuilder().setPong(Pong.getDefaultInstance()).build().toByteArray());

    assertThat(next()).isInstanceOf(MasterEvent.AgentRegisters.class);
    assertThat(next())
        .isInstanceOfSatisfying(
            MasterEvent.AgentSays.class, says -> assertThat(says.message().hasPong()).isTrue());
    link.close("enough");
    assertThat(next()).isInstanceOf(MasterEvent.AgentGone.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"garbage", "", "pong"})
  void whoDoesNotRegisterFirstIsCutAndTheCoreHearsNothing(String first) throws Exception {
    Agent agent = new Agent();
    FrameLink link = open(agent, AgentLinks.PROTOCOL);
    link.send(
        switch (first) {
          case "garbage" -> new byte[] {0, 1, 2, (byte) 0xFF};
          case "" -> new byte[0];
          default -> ToMaster.newBuilder().setPong(Pong.getDefaultInstance()).build().toByteArray();
        });
    link.send(REGISTER);

    assertThat(agent.closed.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(events).isEmpty();
  }

  @Test
  void rubbishLaterEndsTheAgent() throws Exception {
    Agent agent = new Agent();
    FrameLink link = open(agent, AgentLinks.PROTOCOL);
    link.send(REGISTER);
    link.send(new byte[] {(byte) 0xFF});

    assertThat(next()).isInstanceOf(MasterEvent.AgentRegisters.class);
    assertThat(next()).isInstanceOf(MasterEvent.AgentGone.class);
    assertThat(agent.closed.await(20, TimeUnit.SECONDS)).isTrue();
  }

  private static byte[] update(int number) {
    return ToMaster.newBuilder()
        .setStatusUpdate(
            StatusUpdate.newBuilder()
                .setFrameworkId(FrameworkID.newBuilder().setValue("F"))
                .setLatestState(TaskState.TASK_RUNNING)
                .setStatus(
                    TaskStatus.newBuilder()
                        .setTaskId(TaskID.newBuilder().setValue("t" + number))
                        .setState(TaskState.TASK_RUNNING)
                        .setMessage("x".repeat(10_000))))
        .build()
        .toByteArray();
  }

  /** The agent feels it, and nothing is lost or changes places. */
  @Test
  void aFloodWaitsOnTheAgentsSideWhileTheLoopIsFull() throws Exception {
    FrameLink link = open(new Agent(), AgentLinks.PROTOCOL);
    link.send(REGISTER);
    assertThat(next()).isInstanceOf(MasterEvent.AgentRegisters.class);
    isFull = true;
    int sent = 0;
    while (link.isWritable()) {
      assertThat(sent).as("frames of 10 kB that the master took in").isLessThan(10_000);
      link.send(update(sent++));
      if (sent % 100 == 0) {
        Thread.sleep(1); // Lets the socket drain: only what the master refuses to read may wait.
      }
    }
    assertThat(events).isEmpty();
    isFull = false;
    for (int i = 0; i < sent; i++) {
      MasterEvent.AgentSays says = (MasterEvent.AgentSays) next();
      assertThat(says.message().getStatusUpdate().getStatus().getTaskId().getValue())
          .isEqualTo("t" + i);
    }
    link.close("done");
    assertThat(next()).isInstanceOf(MasterEvent.AgentGone.class);
  }
}
