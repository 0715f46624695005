package io.perigee.master.server;

import io.perigee.master.core.MasterEvent;
import io.perigee.master.core.SchedulerNotice;
import io.perigee.mesos.v1.MasterInfo;
import io.perigee.net.http.Headers;
import io.perigee.net.server.Responder;
import io.perigee.net.server.ResponseStream;
import io.perigee.protocol.recordio.RecordEncoder;
import io.perigee.protocol.wire.WireFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The event streams of schedulers: opened by their first event, kept alive by heartbeats. Safe for
 * all threads; nothing blocks.
 */
final class SchedulerStreams {
  private final MasterInfo master;
  private final ScheduledExecutorService timer;
  private final Consumer<MasterEvent> events;
  private final Map<Long, Stream> streams = new ConcurrentHashMap<>();

  /**
   * @param events takes the end of a stream, always
   */
  SchedulerStreams(
      MasterInfo master, ScheduledExecutorService timer, Consumer<MasterEvent> events) {
    this.master = master;
    this.timer = timer;
    this.events = events;
  }

  /** Remembers a request whose answer will be the stream of that number. */
  void expect(long number, String streamId, WireFormat format, Responder responder) {
    streams.put(number, new Stream(number, streamId, format, responder));
  }

  /** Forgets such a request: it was answered otherwise. */
  void forget(long number) {
    streams.remove(number);
  }

  void send(long number, SchedulerNotice notice) {
    Stream stream = streams.get(number);
    if (stream != null) {
      stream.send(notice);
    }
  }

  void end(long number) {
    Stream stream = streams.get(number);
    if (stream != null) {
      stream.end();
    }
  }

  private final class Stream {
    private final long number;
    private final String streamId;
    private final WireFormat format;
    private final Responder responder;

    // Used by the decision loop alone, which performs all commands.
    private @Nullable ResponseStream stream;
    private volatile @Nullable ScheduledFuture<?> heartbeats;

    private Stream(long number, String streamId, WireFormat format, Responder responder) {
      this.number = number;
      this.streamId = streamId;
      this.format = format;
      this.responder = responder;
    }

    private void send(SchedulerNotice notice) {
      ResponseStream open = stream == null ? open() : stream;
      open.send(
          out -> out.write(RecordEncoder.encode(format, SchedulerEvents.of(notice, master))),
          SchedulerEvents.estimate(notice));
      if (notice instanceof SchedulerNotice.Subscribed) {
        beat(open);
      }
    }

    private ResponseStream open() {
      ResponseStream opened =
          responder.openStream(
              200,
              Headers.of("Mesos-Stream-Id", streamId, "Content-Type", format.mediaType()),
              reason -> ended());
      stream = opened;
      return opened;
    }

    /** Once at once: some clients see an event only when the next one begins. */
    private void beat(ResponseStream open) {
      byte[] heartbeat = RecordEncoder.encode(format, SchedulerEvents.HEARTBEAT);
      open.send(heartbeat);
      long periodMillis = (long) (SchedulerEvents.HEARTBEAT_SECONDS * 1000);
      heartbeats =
          timer.scheduleAtFixedRate(
              () -> {
                if (!open.send(heartbeat)) {
                  stopHeartbeats();
                }
              },
              periodMillis,
              periodMillis,
              TimeUnit.MILLISECONDS);
    }

    private void stopHeartbeats() {
      ScheduledFuture<?> running = heartbeats;
      if (running != null) {
        running.cancel(false);
      }
    }

    private void ended() {
      streams.remove(number);
      stopHeartbeats();
      events.accept(new MasterEvent.SchedulerGone(number));
    }

    private void end() {
      (stream == null ? open() : stream).close();
    }
  }
}
