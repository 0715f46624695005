package io.perigee.benchmarks.load;

import com.google.protobuf.InvalidProtocolBufferException;
import io.perigee.benchmarks.Broken;
import io.perigee.benchmarks.measure.Samples;
import io.perigee.mesos.v1.master.Call;
import io.perigee.mesos.v1.master.Event;
import io.perigee.protocol.recordio.RecordDecoder;
import io.perigee.protocol.wire.WireFormat;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A subscriber of the operator API's events that costs little: it counts them. It speaks HTTP/1.0,
 * in which a stream has no framing but the records' own.
 */
final class EventReader implements AutoCloseable {
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final int MOST_EVENT_BYTES = 64 << 20;

  /** A heartbeat in protobuf is its type alone. */
  private static final int HEARTBEAT_BYTES = 2;

  private final Socket socket = new Socket();
  private final Failures failures;
  private final AtomicLong events = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private volatile @Nullable Samples lags;
  private volatile boolean isClosed;

  EventReader(Failures failures) {
    this.failures = failures;
  }

  /** From now on measures the time from a task's status to its coming, in whole milliseconds. */
  void measure(Samples samples) {
    lags = samples;
  }

  /** Subscribes, and reads nothing yet. */
  void subscribe(URI master) throws IOException {
    byte[] call = Call.newBuilder().setType(Call.Type.SUBSCRIBE).build().toByteArray();
    String type = WireFormat.PROTOBUF.mediaType();
    String head =
        "POST /api/v1 HTTP/1.0\r\nHost: %s\r\nContent-Type: %s\r\nAccept: %s\r\nContent-Length: %d\r\n\r\n"
            .formatted(master.getAuthority(), type, type, call.length);
    socket.connect(new InetSocketAddress(master.getHost(), master.getPort()));
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().write(call);
  }

  /** Reads from now on, on a thread of its own. */
  void start() {
    Thread.ofVirtual()
        .start(() -> {
          try {
            read();
          } catch (IOException broken) {
            if (!isClosed) {
              failures.add("a subscriber: " + broken);
            }
          }
        });
  }

  private void read() throws IOException {
    InputStream in = socket.getInputStream();
    skipHead(in);
    RecordDecoder records = new RecordDecoder(MOST_EVENT_BYTES);
    byte[] some = new byte[BUFFER_BYTES];
    for (int count = in.read(some); count >= 0; count = in.read(some)) {
      records.feed(Arrays.copyOf(some, count), this::record);
      bytes.addAndGet(count);
    }
    throw new IOException("the master closed it");
  }

  private static void skipHead(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("no answer: " + head);
      }
      head.append((char) next);
    }
    if (!head.toString().startsWith("HTTP/1.1 200")) {
      throw new Broken(head.toString());
    }
  }

  private void record(byte[] record) {
    if (record.length > HEARTBEAT_BYTES) {
      Samples samples = lags;
      if (samples != null) {
        measure(record, samples);
      }
      events.incrementAndGet();
    }
  }

  private void measure(byte[] record, Samples samples) {
    try {
      Event event = Event.parseFrom(record);
      if (event.hasTaskUpdated()) {
        double sent = event.getTaskUpdated().getStatus().getTimestamp();
        samples.add((System.currentTimeMillis() - Math.round(sent * 1000)) * 1_000_000);
      }
    } catch (InvalidProtocolBufferException malformed) {
      failures.add("a subscriber: " + malformed);
    }
  }

  /** Events that came, without heartbeats. */
  long events() {
    return events.get();
  }

  /** Bytes of the stream that came. */
  long bytes() {
    return bytes.get();
  }

  @Override
  public void close() throws IOException {
    isClosed = true;
    socket.close();
  }
}
