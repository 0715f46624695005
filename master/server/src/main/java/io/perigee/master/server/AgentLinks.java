package io.perigee.master.server;

import com.google.protobuf.InvalidProtocolBufferException;
import io.perigee.endpoints.LinkFeed;
import io.perigee.link.ToAgent;
import io.perigee.link.ToMaster;
import io.perigee.master.core.MasterEvent;
import io.perigee.net.auth.Principal;
import io.perigee.net.link.FrameLink;
import io.perigee.net.link.LinkAcceptance;
import io.perigee.net.link.LinkClosed;
import io.perigee.net.link.LinkListener;
import io.perigee.net.server.Route;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The links that agents open. Frames become events in their order; while the decision loop is full
 * nothing more is read from a link. Safe for all threads.
 */
final class AgentLinks {
  static final String PATH = "/perigee/v1/agent-link";
  static final String PROTOCOL = "perigee-agent/1";

  private static final Logger LOG = LoggerFactory.getLogger(AgentLinks.class);

  private final Predicate<MasterEvent> events;
  private final Consumer<MasterEvent> importantEvents;
  private final AtomicLong numbers;
  private final ScheduledExecutorService timer;
  private final Map<Long, FrameLink> links = new ConcurrentHashMap<>();

  /**
   * @param events takes an event, or says false if it cannot now
   * @param importantEvents takes an event, always
   */
  AgentLinks(
      Predicate<MasterEvent> events,
      Consumer<MasterEvent> importantEvents,
      AtomicLong numbers,
      ScheduledExecutorService timer) {
    this.events = events;
    this.importantEvents = importantEvents;
    this.numbers = numbers;
    this.timer = timer;
  }

  Route route() {
    return Route.upgrade(
        PATH, PROTOCOL, (request, principal) -> new LinkAcceptance.Accepted(new Peer(principal)));
  }

  void send(long number, ToAgent message) {
    FrameLink link = links.get(number);
    if (link != null) {
      link.send(message::writeTo, message.getSerializedSize());
    }
  }

  void end(long number, String reason) {
    FrameLink link = links.get(number);
    if (link != null) {
      link.close(reason);
    }
  }

  private final class Peer implements LinkListener {
    private final long number = numbers.incrementAndGet();
    private final @Nullable String principal;
    private @Nullable FrameLink link;
    private @Nullable LinkFeed<MasterEvent> feed;
    private boolean hasRegistered;

    private Peer(@Nullable Principal principal) {
      this.principal = principal == null ? null : principal.value();
    }

    @Override
    public void onOpened(FrameLink opened) {
      link = opened;
      feed = new LinkFeed<>(opened, events, timer);
      links.put(number, opened);
    }

    @Override
    public void onFrame(byte[] frame) {
      LinkFeed<MasterEvent> to = Objects.requireNonNull(feed);
      try {
        ToMaster message = ToMaster.parseFrom(frame);
        if (hasRegistered) {
          to.deliver(new MasterEvent.AgentSays(number, message));
        } else if (message.hasRegister()) {
          hasRegistered = true;
          to.deliver(new MasterEvent.AgentRegisters(number, principal, message.getRegister()));
        } else {
          close("the first message is no registration");
        }
      } catch (InvalidProtocolBufferException malformed) {
        LOG.warn("an agent's message is malformed: {}", malformed.getMessage());
        close("malformed message");
      }
    }

    private void close(String reason) {
      if (link != null) {
        link.close(reason);
      }
    }

    @Override
    public void onClosed(LinkClosed reason) {
      links.remove(number);
      Objects.requireNonNull(feed).close();
      if (hasRegistered) {
        importantEvents.accept(new MasterEvent.AgentGone(number));
      }
    }
  }
}
