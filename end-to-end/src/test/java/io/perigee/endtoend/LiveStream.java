package io.perigee.endtoend;

import io.perigee.protocol.recordio.RecordDecoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The stream that an exchange opened, and what came on it so far. A thread of its own reads; all
 * methods are safe for any.
 */
public final class LiveStream implements AutoCloseable {
  private static final int MAX_RECORD_BYTES = 1 << 20;

  private final String name;
  private final String id;
  private final Function<byte[], Object> reader;
  private final RawHttp connection;
  private final List<Object> events = new ArrayList<>();
  private boolean hasEnded;

  /**
   * @param name of the exchange that opened it
   * @param id its Mesos-Stream-Id; empty if it has none
   * @param reader makes a tree of a record
   * @param connection on which the head of the answer has been read
   */
  public LiveStream(String name, String id, Function<byte[], Object> reader, RawHttp connection) {
    this.name = name;
    this.id = id;
    this.reader = reader;
    this.connection = connection;
    Thread.ofVirtual().name("stream-" + name).start(this::read);
  }

  private void read() {
    RecordDecoder records = new RecordDecoder(MAX_RECORD_BYTES);
    try {
      for (byte[] chunk = connection.readChunk();
          chunk.length > 0;
          chunk = connection.readChunk()) {
        if (records.feed(ByteBuffer.wrap(chunk), this::add)
            instanceof RecordDecoder.Broken(String reason)) {
          throw new IOException(reason);
        }
      }
      ended();
    } catch (IOException cutOff) {
      // Then it has not ended: that takes the last chunk.
    }
  }

  private synchronized void add(byte[] record) {
    events.add(reader.apply(record));
    notifyAll();
  }

  private synchronized void ended() {
    hasEnded = true;
    notifyAll();
  }

  public String name() {
    return name;
  }

  public String id() {
    return id;
  }

  /** All that came, in order. */
  public synchronized List<Object> events() {
    return List.copyOf(events);
  }

  /** Waits until what came is enough; false if it is not in time. */
  public synchronized boolean await(Duration patience, Predicate<List<Object>> enough) {
    long until = System.nanoTime() + patience.toNanos();
    try {
      while (!enough.test(events)) {
        long millis = (until - System.nanoTime()) / 1_000_000;
        if (millis <= 0) {
          return false;
        }
        wait(millis);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    return true;
  }

  /** Waits for its last chunk; false if that does not come in time. */
  public synchronized boolean awaitEnd(Duration patience) {
    return await(patience, all -> hasEnded);
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
