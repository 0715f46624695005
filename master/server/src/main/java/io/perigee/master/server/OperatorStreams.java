package io.perigee.master.server;

import io.perigee.master.core.OperatorNotice;
import io.perigee.master.core.cluster.ClusterSnapshot;
import io.perigee.master.server.OperatorSubscriber.Drop;
import io.perigee.mesos.v1.master.Event;
import io.perigee.net.Counters;
import io.perigee.net.server.Responder;
import io.perigee.protocol.recordio.RecordEncoder;
import io.perigee.protocol.wire.WireFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event streams of the operator API. The decision loop hands over what happened, one thread
 * makes each event's bytes once for all subscribers of a format, the event loops send them. While
 * nobody is subscribed nothing is kept or made.
 *
 * <p>{@link #open}, {@link #publish} and {@link #flush} belong to the decision loop's thread, which
 * thereby decides what is in a subscriber's state and what is an event after it; the rest is safe
 * for all threads.
 */
final class OperatorStreams implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OperatorStreams.class);

  /** Mesos' default of {@code --max_operator_event_stream_subscribers}. */
  static final int MOST_SUBSCRIBERS = 1000;

  /** What may wait for one subscriber: about 20,000 updates of tasks in JSON. */
  private static final long SUBSCRIBER_BYTES = 8L << 20;

  /** Notices that may wait to be made into events: a second of the busiest cluster. */
  private static final int MOST_WAITING = 65_536;

  /** Subscribers that get the state at the same time; further ones wait. */
  private static final int STATE_WRITERS = 4;

  private static final Duration IDLE = Duration.ofSeconds(10);

  private final Limits limits;
  private final ThreadPoolExecutor encoder = executor("master-operator-events", 1);
  private final ThreadPoolExecutor stateWriters = executor("master-operator-state", STATE_WRITERS);
  private final Counters counters;
  private final Map<Long, Expected> expected = new ConcurrentHashMap<>();

  /** Oldest first. */
  private final ConcurrentSkipListMap<Long, OperatorSubscriber> subscribers =
      new ConcurrentSkipListMap<>();

  /** Those in {@link #subscribers} and on the way there. */
  private final AtomicInteger interested = new AtomicInteger();

  private final AtomicInteger waiting = new AtomicInteger();

  /** Used by the decision loop alone. */
  private List<OperatorNotice> gathered = new ArrayList<>();

  /** Grows when notices are lost: nobody who subscribed before may go on. */
  private final AtomicInteger generation = new AtomicInteger();

  /**
   * How much is kept.
   *
   * @param notices that may wait to be made into events; beyond, all subscribers are disconnected
   * @param bytes that may wait for one subscriber; beyond, it is disconnected
   */
  record Limits(int subscribers, int notices, long bytes) {
    static final Limits DEFAULTS = new Limits(MOST_SUBSCRIBERS, MOST_WAITING, SUBSCRIBER_BYTES);
  }

  private record Expected(WireFormat format, Responder to) {}

  /**
   * @param counters gets {@code operator_subscribers_dropped_total} by reason
   */
  OperatorStreams(Limits limits, ScheduledExecutorService timer, Counters counters) {
    this.limits = limits;
    this.counters = counters;
    long period = (long) (OperatorEvents.HEARTBEAT_SECONDS * 1000);
    var _ = timer.scheduleAtFixedRate(this::beat, period, period, TimeUnit.MILLISECONDS);
  }

  /** Threads that end when there is nothing to do. */
  private static ThreadPoolExecutor executor(String name, int threads) {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE.toMillis(),
            TimeUnit.MILLISECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().name(name).daemon(true).factory());
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  /** Remembers a request whose answer will be the stream of that number. */
  void expect(long number, WireFormat format, Responder to) {
    expected.put(number, new Expected(format, to));
  }

  /** Forgets such a request: it was answered otherwise. */
  void forget(long number) {
    expected.remove(number);
  }

  /** How many are subscribed. */
  int subscribers() {
    return interested.get();
  }

  /** Subscribes whoever is expected under that number: to the state, and to all after it. */
  void open(long number, ClusterSnapshot snapshot) {
    Expected request = expected.remove(number);
    if (request == null) {
      return;
    }
    flush();
    interested.incrementAndGet();
    OperatorSubscriber subscriber =
        new OperatorSubscriber(
            request.to(),
            request.format(),
            generation.get(),
            limits.bytes(),
            (gone, reason) -> ended(number, gone, reason));
    execute(encoder, () -> begin(number, subscriber, snapshot));
  }

  private void begin(long number, OperatorSubscriber subscriber, ClusterSnapshot snapshot) {
    subscribers.put(number, subscriber);
    subscriber.open();
    LOG.info("{}: subscribed to the events of the operator API", subscriber);
    if (subscribers.size() > limits.subscribers()) {
      subscribers.pollFirstEntry().getValue().drop(Drop.TOO_MANY);
    }
    execute(stateWriters, () -> writeState(subscriber, snapshot));
  }

  private static void writeState(OperatorSubscriber subscriber, ClusterSnapshot snapshot) {
    try {
      subscriber.writeState(snapshot);
    } catch (RuntimeException broken) { // Outermost frame.
      LOG.error("the state for a subscriber of the operator API could not be made", broken);
      subscriber.drop(Drop.EVENTS_LOST);
    }
  }

  private void ended(long number, OperatorSubscriber subscriber, @Nullable Drop reason) {
    subscribers.remove(number);
    interested.decrementAndGet();
    if (reason == null) {
      LOG.info("{}: the subscriber of the operator API left", subscriber);
    } else {
      counters
          .counter(
              "operator_subscribers_dropped_total",
              "reason",
              reason.name().toLowerCase(Locale.ROOT))
          .increment();
      LOG.warn(
          "{}: the subscriber of the operator API is disconnected: {}", subscriber, reason.text());
    }
  }

  /** Takes what all subscribers are to hear; they do after {@link #flush}. */
  void publish(OperatorNotice notice) {
    if (interested.get() > 0) {
      gathered.add(notice);
    }
  }

  /** Hands on what was published. */
  void flush() {
    if (gathered.isEmpty()) {
      return;
    }
    List<OperatorNotice> notices = gathered;
    gathered = new ArrayList<>();
    if (waiting.addAndGet(notices.size()) > limits.notices()) {
      generation.incrementAndGet();
      waiting.addAndGet(-notices.size());
      execute(encoder, this::dropOlderGenerations);
    } else {
      execute(encoder, () -> send(notices));
    }
  }

  private static void execute(Executor executor, Runnable task) {
    try {
      executor.execute(task);
    } catch (RejectedExecutionException closed) {
      // The master stops, and with it all streams.
    }
  }

  private void dropOlderGenerations() {
    for (OperatorSubscriber subscriber : subscribers.values()) {
      if (subscriber.generation() != generation.get()) {
        subscriber.drop(Drop.EVENTS_LOST);
      }
    }
  }

  private void send(List<OperatorNotice> notices) {
    try {
      notices.forEach(this::send);
    } catch (RuntimeException broken) { // Outermost frame.
      LOG.error("an event of the operator API could not be made", broken);
      subscribers.values().forEach(subscriber -> subscriber.drop(Drop.EVENTS_LOST));
    } finally {
      waiting.addAndGet(-notices.size());
    }
  }

  private void send(OperatorNotice notice) {
    if (subscribers.isEmpty()) {
      return;
    }
    Encoded event = new Encoded(OperatorEvents.of(notice));
    for (OperatorSubscriber subscriber : subscribers.values()) {
      subscriber.send(event.in(subscriber.format()));
    }
  }

  /** An event, made into bytes once for each format that somebody wants. */
  private static final class Encoded {
    private final Event event;
    private final Map<WireFormat, byte[]> records = new EnumMap<>(WireFormat.class);

    private Encoded(Event event) {
      this.event = event;
    }

    private byte[] in(WireFormat format) {
      return records.computeIfAbsent(format, wanted -> RecordEncoder.encode(wanted, event));
    }
  }

  private void beat() {
    subscribers.values().forEach(OperatorSubscriber::beat);
  }

  /** Streams end with their server; what waits is forgotten. */
  @Override
  public void close() {
    encoder.shutdownNow();
    stateWriters.shutdownNow();
  }
}
