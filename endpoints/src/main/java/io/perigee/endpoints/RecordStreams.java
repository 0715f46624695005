package io.perigee.endpoints;

import com.google.protobuf.Message;
import io.perigee.net.http.Headers;
import io.perigee.net.server.Responder;
import io.perigee.net.server.ResponseStream;
import io.perigee.protocol.recordio.RecordEncoder;
import io.perigee.protocol.wire.WireFormat;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers that go on as streams of records: each is opened by its first record, and kept alive by
 * heartbeats if it is to be. What waits for a client is bounded by its {@link ResponseStream}; one
 * that stops reading is disconnected. Nothing blocks. {@link #send}, {@link #beat} and {@link #end}
 * belong to one thread, the decision loop's; the rest is safe for all threads.
 */
public final class RecordStreams {
  private final LongConsumer ended;
  private final Map<Long, Stream> streams = new ConcurrentHashMap<>();

  /**
   * @param ended takes the number of a stream that is gone, whoever ended it
   */
  public RecordStreams(LongConsumer ended) {
    this.ended = ended;
  }

  /**
   * Remembers a request whose answer will be the stream of that number.
   *
   * @param headers of the answer, besides Content-Type
   */
  public void expect(long number, WireFormat format, Headers headers, Responder responder) {
    streams.put(number, new Stream(number, format, headers, responder));
  }

  /** Forgets such a request, and hands back who waits for its answer; null if there is none. */
  public @Nullable Responder forget(long number) {
    Stream stream = streams.remove(number);
    return stream == null ? null : stream.responder;
  }

  /**
   * Sends a record, if there is such a stream.
   *
   * @param record made when it is written, on the thread of the connection
   * @param estimate of its bytes
   */
  public void send(long number, Supplier<Message> record, int estimate) {
    Stream stream = streams.get(number);
    if (stream != null) {
      stream
          .opened()
          .send(out -> out.write(RecordEncoder.encode(stream.format, record.get())), estimate);
    }
  }

  /** From now on sends the same record after each period. */
  public void beat(
      long number, Message heartbeat, Duration period, ScheduledExecutorService timer) {
    Stream stream = streams.get(number);
    if (stream != null) {
      stream.beat(heartbeat, period, timer);
    }
  }

  /** Ends a stream after what was sent on it. */
  public void end(long number) {
    Stream stream = streams.get(number);
    if (stream != null) {
      stream.opened().close();
    }
  }

  private final class Stream {
    private final long number;
    private final WireFormat format;
    private final Headers headers;
    private final Responder responder;
    private @Nullable ResponseStream stream;
    private volatile @Nullable ScheduledFuture<?> heartbeats;

    private Stream(long number, WireFormat format, Headers headers, Responder responder) {
      this.number = number;
      this.format = format;
      this.headers = headers.with("Content-Type", format.mediaType());
      this.responder = responder;
    }

    private ResponseStream opened() {
      ResponseStream open = stream;
      if (open == null) {
        open = responder.openStream(200, headers, reason -> ended());
        stream = open;
      }
      return open;
    }

    private void beat(Message heartbeat, Duration period, ScheduledExecutorService timer) {
      ResponseStream open = opened();
      byte[] record = RecordEncoder.encode(format, heartbeat);
      heartbeats =
          timer.scheduleAtFixedRate(
              () -> {
                if (!open.send(record)) {
                  stopHeartbeats();
                }
              },
              period.toMillis(),
              period.toMillis(),
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
      ended.accept(number);
    }
  }
}
