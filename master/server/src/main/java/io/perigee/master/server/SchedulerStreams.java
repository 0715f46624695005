package io.perigee.master.server;

import io.perigee.endpoints.RecordStreams;
import io.perigee.master.core.MasterEvent;
import io.perigee.master.core.SchedulerNotice;
import io.perigee.mesos.v1.MasterInfo;
import io.perigee.net.http.Headers;
import io.perigee.net.server.Responder;
import io.perigee.protocol.wire.WireFormat;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/** The event streams of schedulers. */
final class SchedulerStreams {
  private static final Duration HEARTBEAT_PERIOD =
      Duration.ofSeconds((long) SchedulerEvents.HEARTBEAT_SECONDS);

  private final MasterInfo master;
  private final ScheduledExecutorService timer;
  private final RecordStreams streams;

  /**
   * @param events takes the end of a stream, always
   */
  SchedulerStreams(
      MasterInfo master, ScheduledExecutorService timer, Consumer<MasterEvent> events) {
    this.master = master;
    this.timer = timer;
    this.streams =
        new RecordStreams(number -> events.accept(new MasterEvent.SchedulerGone(number)));
  }

  /** Remembers a request whose answer will be the stream of that number. */
  void expect(long number, String streamId, WireFormat format, Responder responder) {
    streams.expect(number, format, Headers.of("Mesos-Stream-Id", streamId), responder);
  }

  /** Forgets such a request: it was answered otherwise. */
  void forget(long number) {
    streams.forget(number);
  }

  void send(long number, SchedulerNotice notice) {
    streams.send(
        number, () -> SchedulerEvents.of(notice, master), SchedulerEvents.estimate(notice));
    if (notice instanceof SchedulerNotice.Subscribed) {
      // Once at once: some clients see an event only when the next one begins.
      streams.send(number, () -> SchedulerEvents.HEARTBEAT, 100);
      streams.beat(number, SchedulerEvents.HEARTBEAT, HEARTBEAT_PERIOD, timer);
    }
  }

  void end(long number) {
    streams.end(number);
  }
}
