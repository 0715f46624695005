package io.perigee.agent.daemon;

import com.google.protobuf.InvalidProtocolBufferException;
import io.perigee.agent.core.AgentEvent;
import io.perigee.endpoints.LinkFeed;
import io.perigee.link.ToAgent;
import io.perigee.link.ToMaster;
import io.perigee.net.client.HttpClient;
import io.perigee.net.http.Headers;
import io.perigee.net.link.FrameLink;
import io.perigee.net.link.LinkClosed;
import io.perigee.net.link.LinkListener;
import java.net.URI;
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

/** The connection to the master. Safe for all threads; nothing blocks. */
final class MasterLink {
  private static final Logger LOG = LoggerFactory.getLogger(MasterLink.class);
  private static final String PATH = "/perigee/v1/agent-link";
  private static final String PROTOCOL = "perigee-agent/1";

  private final HttpClient client;
  private final URI uri;
  private final Predicate<AgentEvent> events;
  private final Consumer<AgentEvent> importantEvents;
  private final ScheduledExecutorService timer;
  private final AtomicLong numbers = new AtomicLong();
  private final Map<Long, FrameLink> links = new ConcurrentHashMap<>();
  private volatile String lastFailure = "";

  /**
   * @param master such as {@code http://10.0.0.1:5050}
   * @param events takes an event, or says false if it cannot now
   * @param importantEvents takes an event, always
   */
  MasterLink(
      HttpClient client,
      URI master,
      Predicate<AgentEvent> events,
      Consumer<AgentEvent> importantEvents,
      ScheduledExecutorService timer) {
    this.client = client;
    this.uri = master.resolve(PATH);
    this.events = events;
    this.importantEvents = importantEvents;
    this.timer = timer;
  }

  void open() {
    var _ =
        client
            .openLink(uri, Headers.EMPTY, PROTOCOL, new Peer())
            .whenComplete((link, failure) -> {
              if (failure != null) {
                report(String.valueOf(failure.getMessage()));
                importantEvents.accept(new AgentEvent.LinkFailed());
              }
            });
  }

  /** A master that is away for an hour is no reason for an hour of the same line. */
  private void report(String failure) {
    if (!failure.equals(lastFailure)) {
      lastFailure = failure;
      LOG.warn("cannot reach the master: {}; trying again", failure);
    }
  }

  void send(long number, ToMaster message) {
    FrameLink link = links.get(number);
    if (link != null) {
      link.send(message::writeTo, message.getSerializedSize());
    }
  }

  void close(long number, String reason) {
    FrameLink link = links.get(number);
    if (link != null) {
      link.close(reason);
    }
  }

  private final class Peer implements LinkListener {
    private final long number = numbers.incrementAndGet();
    private @Nullable FrameLink link;
    private @Nullable LinkFeed<AgentEvent> feed;

    @Override
    public void onOpened(FrameLink opened) {
      link = opened;
      feed = new LinkFeed<>(opened, events, timer);
      links.put(number, opened);
      lastFailure = "";
      importantEvents.accept(new AgentEvent.LinkOpened(number));
    }

    @Override
    public void onFrame(byte[] frame) {
      try {
        Objects.requireNonNull(feed)
            .deliver(new AgentEvent.MasterSays(number, ToAgent.parseFrom(frame)));
      } catch (InvalidProtocolBufferException malformed) {
        LOG.warn("a message of the master is malformed: {}", malformed.getMessage());
        Objects.requireNonNull(link).close("malformed message");
      }
    }

    @Override
    public void onClosed(LinkClosed reason) {
      links.remove(number);
      Objects.requireNonNull(feed).close();
      LOG.info("the link to the master is closed: {}", reason.detail());
      importantEvents.accept(new AgentEvent.LinkClosed(number));
    }
  }
}
