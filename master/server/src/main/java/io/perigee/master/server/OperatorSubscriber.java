package io.perigee.master.server;

import io.perigee.master.core.cluster.ClusterSnapshot;
import io.perigee.net.http.Headers;
import io.perigee.net.server.Responder;
import io.perigee.net.server.ResponseStream;
import io.perigee.net.server.StreamEnd;
import io.perigee.net.server.StreamListener;
import io.perigee.protocol.recordio.RecordEncoder;
import io.perigee.protocol.wire.WireFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One subscription to the operator API's events: first the state, written as fast as the client
 * reads it, meanwhile events gather; then each event as it comes. Safe for all threads.
 */
final class OperatorSubscriber implements StreamListener {
  /** What an event that waits costs besides its bytes, which all who wait for it share. */
  private static final int ENTRY_OVERHEAD = 64;

  /** A client that takes nothing of the state for so long has stopped reading. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final Responder to;
  private final WireFormat format;
  private final int generation;
  private final long boundBytes;
  private final Listener listener;
  private final byte[] heartbeat;

  /** Events that wait for the end of the state; null after it. */
  private @Nullable ArrayDeque<byte[]> waiting = new ArrayDeque<>();

  private long waitingBytes;
  private @Nullable ResponseStream stream;
  private boolean hasEnded;
  private @Nullable Drop drop;

  /** Why the master ends a subscription. */
  enum Drop {
    SLOW_READER("it does not read what it is sent"),
    TOO_MANY("there are too many subscribers, and it is the oldest"),
    EVENTS_LOST("more happened than could be told");

    private final String text;

    Drop(String text) {
      this.text = text;
    }

    /** For people. */
    String text() {
      return text;
    }
  }

  /** Hears of the end, once, on whatever thread. */
  interface Listener {
    /**
     * @param reason null if the client left or the master stops
     */
    void ended(OperatorSubscriber subscriber, @Nullable Drop reason);
  }

  /**
   * @param generation to tell who was there before something happened
   * @param boundBytes that may wait for the client
   */
  OperatorSubscriber(
      Responder to, WireFormat format, int generation, long boundBytes, Listener listener) {
    this.to = to;
    this.format = format;
    this.generation = generation;
    this.boundBytes = boundBytes;
    this.listener = listener;
    this.heartbeat = RecordEncoder.encode(format, OperatorEvents.HEARTBEAT);
  }

  WireFormat format() {
    return format;
  }

  int generation() {
    return generation;
  }

  /** Sends the head of the answer. Before all else. */
  void open() {
    ResponseStream opened =
        to.openStream(200, Headers.of("Content-Type", format.mediaType()), this, boundBytes);
    synchronized (this) {
      stream = opened;
    }
  }

  /**
   * Writes the state, a heartbeat (some clients see a record only when the next one begins), and
   * what happened meanwhile. Blocks while the client does not read.
   */
  void writeState(ClusterSnapshot snapshot) {
    try (PacedOutput out = new PacedOutput(this::sendPaced)) {
      List<Part> event = ClusterMessages.of(snapshot).subscribed();
      SizeOnly size = new SizeOnly();
      PartWriter.write(format, event, size);
      out.write(RecordEncoder.prefix(Math.toIntExact(size.bytes)));
      PartWriter.write(format, event, out);
    } catch (IOException ended) {
      return; // The listener has heard of it, or does in a moment.
    }
    catchUp();
  }

  private void catchUp() {
    try {
      sendPaced(heartbeat);
      for (byte[] record = pollWaiting(); record != null; record = pollWaiting()) {
        sendPaced(record);
      }
    } catch (IOException ended) {
      // As above.
    }
  }

  /** Null when none is left: from now on events go to the stream at once. */
  private synchronized byte @Nullable [] pollWaiting() {
    byte[] record = waiting == null ? null : waiting.poll();
    if (record == null) {
      waiting = null;
    } else {
      waitingBytes -= record.length + ENTRY_OVERHEAD;
    }
    return record;
  }

  private void sendPaced(byte[] bytes) throws IOException {
    if (!awaitRoom().send(bytes)) {
      throw new IOException("the stream has ended");
    }
  }

  private synchronized ResponseStream awaitRoom() throws IOException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (stream != null && !hasEnded && !stream.isWritable()) {
      long leftMillis = (end - System.nanoTime()) / 1_000_000;
      if (leftMillis <= 0) {
        drop(Drop.SLOW_READER);
        break;
      }
      try {
        wait(leftMillis);
      } catch (InterruptedException stopped) {
        throw new IOException("the master stops", stopped);
      }
    }
    if (stream == null || hasEnded || drop != null) {
      throw new IOException("the stream has ended");
    }
    return stream;
  }

  /** Sends an event, which is shared with other subscribers; never blocks. */
  synchronized void send(byte[] record) {
    if (hasEnded || drop != null || stream == null) {
      return;
    }
    if (waiting == null) {
      stream.send(record);
      return;
    }
    waitingBytes += record.length + ENTRY_OVERHEAD;
    if (waitingBytes > boundBytes) {
      drop(Drop.SLOW_READER);
    } else {
      waiting.add(record);
    }
  }

  /** Keeps the client sure that the master lives, unless it gets the state just now. */
  synchronized void beat() {
    if (waiting == null) {
      send(heartbeat);
    }
  }

  /** Ends the subscription: in good order where the client still reads, else at once. */
  synchronized void drop(Drop reason) {
    if (drop != null || hasEnded || stream == null) {
      return;
    }
    drop = reason;
    if (reason == Drop.TOO_MANY && waiting == null) {
      stream.close();
    } else {
      stream.send(out -> {}, Integer.MAX_VALUE); // Exceeds any bound: it is disconnected.
    }
  }

  @Override
  public synchronized void onWritable() {
    notifyAll();
  }

  @Override
  public void onEnd(StreamEnd reason) {
    Drop why;
    synchronized (this) {
      hasEnded = true;
      waiting = null;
      why = drop == null && reason == StreamEnd.SLOW_READER ? Drop.SLOW_READER : drop;
      notifyAll();
    }
    listener.ended(this, why);
  }

  @Override
  public String toString() {
    return to.toString();
  }

  /** Counts what is written. */
  private static final class SizeOnly extends OutputStream {
    private long bytes;

    @Override
    public void write(int b) {
      bytes++;
    }

    @Override
    public void write(byte[] some, int offset, int count) {
      bytes += count;
    }
  }
}
