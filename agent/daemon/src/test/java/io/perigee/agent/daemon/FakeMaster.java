package io.perigee.agent.daemon;

import com.google.protobuf.InvalidProtocolBufferException;
import io.perigee.link.Acknowledge;
import io.perigee.link.Register;
import io.perigee.link.Registered;
import io.perigee.link.StatusUpdate;
import io.perigee.link.ToAgent;
import io.perigee.link.ToMaster;
import io.perigee.mesos.v1.AgentID;
import io.perigee.net.Counters;
import io.perigee.net.EventLoops;
import io.perigee.net.auth.Authenticator;
import io.perigee.net.link.FrameLink;
import io.perigee.net.link.LinkAcceptance;
import io.perigee.net.link.LinkClosed;
import io.perigee.net.link.LinkLimits;
import io.perigee.net.link.LinkListener;
import io.perigee.net.server.HttpLimits;
import io.perigee.net.server.HttpServer;
import io.perigee.net.server.Route;
import io.perigee.net.server.Router;
import io.perigee.net.tls.Tls;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The master's end of the link: registers every agent as {@code A}, acknowledges and keeps what it
 * says.
 */
final class FakeMaster implements AutoCloseable {
  private final EventLoops loops = new EventLoops("fake-master", 1);
  private final LinkedBlockingQueue<ToMaster> heard = new LinkedBlockingQueue<>();
  final List<FrameLink> links = new CopyOnWriteArrayList<>();
  final List<Register> registrations = new CopyOnWriteArrayList<>();
  private final HttpServer server;

  /**
   * @param port 0 for any
   */
  FakeMaster(int port, @Nullable Tls tls) throws Exception {
    server =
        new HttpServer(
            loops,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
            HttpLimits.defaults(),
            LinkLimits.defaults(),
            tls,
            new Counters());
    Route link =
        Route.upgrade(
            "/perigee/v1/agent-link",
            "perigee-agent/1",
            (request, principal) -> new LinkAcceptance.Accepted(new Peer()));
    server.start(bound -> new Router("master", Authenticator.anonymous(), List.of(link)));
  }

  int port() {
    return server.address().getPort();
  }

  void say(ToAgent.Builder message) {
    links.getLast().send(message.build().toByteArray());
  }

  /** The next message that fits; others before it are passed over. */
  ToMaster await(Predicate<ToMaster> wanted) throws InterruptedException {
    List<ToMaster> others = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      ToMaster message = heard.poll(20, TimeUnit.SECONDS);
      if (message == null) {
        break;
      }
      if (wanted.test(message)) {
        return message;
      }
      others.add(message);
    }
    throw new AssertionError("the agent does not say what was awaited, but: " + others);
  }

  @Override
  public void close() {
    server.close();
    loops.close();
  }

  private final class Peer implements LinkListener {
    private @Nullable FrameLink link;

    @Override
    public void onOpened(FrameLink opened) {
      link = opened;
      links.add(opened);
    }

    @Override
    public void onFrame(byte[] frame) {
      ToMaster message = parse(frame);
      if (message.hasRegister()) {
        registrations.add(message.getRegister());
        send(
            ToAgent.newBuilder()
                .setRegistered(
                    Registered.newBuilder()
                        .setAgentId(AgentID.newBuilder().setValue("A"))
                        .setSilenceLimitNanos(TimeUnit.SECONDS.toNanos(60))));
      }
      if (message.hasStatusUpdate()) {
        StatusUpdate update = message.getStatusUpdate();
        send(
            ToAgent.newBuilder()
                .setAcknowledge(
                    Acknowledge.newBuilder()
                        .setFrameworkId(update.getFrameworkId())
                        .setTaskId(update.getStatus().getTaskId())
                        .setUuid(update.getStatus().getUuid())));
      }
      heard.add(message);
    }

    private void send(ToAgent.Builder answer) {
      link.send(answer.build().toByteArray());
    }

    private static ToMaster parse(byte[] frame) {
      try {
        return ToMaster.parseFrom(frame);
      } catch (InvalidProtocolBufferException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void onClosed(LinkClosed reason) {}
  }
}
