package io.perigee.net.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.perigee.net.Encoder;
import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Messages on their way to one socket: taken from any thread, written in order by the connection's
 * event loop, many at a time.
 *
 * <p>Everything between {@link #offer} and the kernel counts against the bound, each message with
 * {@value #ENTRY_OVERHEAD} bytes on top, so that many tiny ones are bounded too. A message that
 * does not fit overflows the box: nothing more is taken and the owner hears of it.
 */
public final class Outbox {
  /** What a queued message costs besides its bytes. */
  static final int ENTRY_OVERHEAD = 64;

  /**
   * Messages are gathered into buffers of about this size; one is one entry of a gathering write.
   */
  private static final int BATCH_BYTES = 64 * 1024;

  private static final int BATCHES_PER_TURN = 32;

  /** Told on the event loop. */
  public interface Owner {
    /** Something waits: call {@link #drain} when the connection may write. */
    void ready();

    /** The bound was exceeded, once. */
    void overflowed();

    /** After {@link #isWritable} was false there is room again. */
    void writable();

    /** So much was handed to the socket, framing included. */
    void wrote(int messages, int bytes);
  }

  private sealed interface Entry {}

  @SuppressWarnings("ArrayRecordComponent") // Never compared; the array is only carried.
  private record Bytes(byte[] bytes) implements Entry {}

  @SuppressWarnings("ArrayRecordComponent") // As above.
  private record Lent(byte[] bytes, int length, Runnable copied) implements Entry {}

  private record Encoded(Encoder encoder, int estimate) implements Entry {}

  private record End() implements Entry {}

  private final Channel channel;
  private final Framing framing;
  private final long boundBytes;
  private final Owner owner;
  private final Queue<Entry> queue = new ConcurrentLinkedQueue<>();
  private final AtomicLong pendingBytes = new AtomicLong();
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile boolean wasFull;

  public Outbox(Channel channel, Framing framing, long boundBytes, Owner owner) {
    this.channel = channel;
    this.framing = framing;
    this.boundBytes = boundBytes;
    this.owner = owner;
  }

  /** Any thread. False if the box is closed or this message overflowed it. */
  public boolean offer(byte[] bytes) {
    return offer(new Bytes(bytes), bytes.length);
  }

  /**
   * Any thread. The array may be changed once {@code copied} was told, on the event loop; a box
   * that is closed before does not tell.
   */
  public boolean offer(byte[] bytes, int length, Runnable copied) {
    return offer(new Lent(bytes, length, copied), length);
  }

  /** Any thread. Counts with the estimate until it is encoded. */
  public boolean offer(Encoder encoder, int estimate) {
    return offer(new Encoded(encoder, Math.max(0, estimate)), Math.max(0, estimate));
  }

  /** Any thread: nothing is taken any more; what waits is still written. */
  public void end() {
    if (closed.compareAndSet(false, true)) {
      queue.add(new End());
      schedule();
    }
  }

  /** Any thread: nothing is taken any more, what waits is forgotten. */
  public void discard() {
    closed.set(true);
    queue.clear();
  }

  /**
   * Any thread. False while more than half of the bound waits: a sender that heeds it never
   * overflows.
   */
  public boolean isWritable() {
    if (pendingBytes.get() <= boundBytes / 2) {
      return true;
    }
    wasFull = true;
    // The last write may have completed between the two: look again, or nobody would be told.
    return pendingBytes.get() <= boundBytes / 2;
  }

  private boolean offer(Entry entry, long size) {
    if (closed.get()) {
      return false;
    }
    if (pendingBytes.addAndGet(size + ENTRY_OVERHEAD) > boundBytes) {
      overflow();
      return false;
    }
    queue.add(entry);
    schedule();
    return true;
  }

  private void overflow() {
    if (closed.compareAndSet(false, true)) {
      queue.clear();
      execute(owner::overflowed);
    }
  }

  private void schedule() {
    if (!scheduled.get() && scheduled.compareAndSet(false, true)) {
      execute(this::run);
    }
  }

  private void run() {
    scheduled.set(false);
    owner.ready();
  }

  private void execute(Runnable task) {
    try {
      channel.eventLoop().execute(task);
    } catch (RejectedExecutionException stopped) {
      discard();
    }
  }

  /**
   * Event loop: writes while the socket takes it, flushing itself; after {@value #BATCHES_PER_TURN}
   * batches the loop's other connections get their turn.
   *
   * @return true once {@link #end} was reached; else call again when {@link Owner#ready} says so or
   *     the channel becomes writable
   * @throws IOException what an encoder threw; the connection must be closed, since half a message
   *     may have been written
   */
  public boolean drain() throws IOException {
    boolean ended = false;
    for (int i = 0; i < BATCHES_PER_TURN && channel.isWritable() && !queue.isEmpty(); i++) {
      ended = writeBatch();
      if (ended || queue.isEmpty() || !channel.isWritable()) {
        channel.flush();
      }
    }
    if (!ended && channel.isWritable() && !queue.isEmpty()) {
      channel.flush();
      schedule();
    }
    return ended;
  }

  /** True at the end. */
  private boolean writeBatch() throws IOException {
    ByteBuf batch =
        channel
            .alloc()
            .buffer((int) Math.max(256, Math.min(pendingBytes.get() + 64, BATCH_BYTES + 64)));
    long size = 0;
    int messages = 0;
    boolean ended = false;
    boolean isWhole = false;
    try {
      Entry entry;
      while (batch.readableBytes() < BATCH_BYTES && !ended && (entry = queue.poll()) != null) {
        switch (entry) {
          case Bytes(byte[] bytes) -> {
            framing.append(bytes, bytes.length, batch);
            size += bytes.length + ENTRY_OVERHEAD;
            messages++;
          }
          case Lent(byte[] bytes, int length, Runnable copied) -> {
            framing.append(bytes, length, batch);
            size += length + ENTRY_OVERHEAD;
            messages++;
            copied.run();
          }
          case Encoded(Encoder encoder, int estimate) -> {
            int before = batch.readableBytes();
            framing.append(encoder, estimate, batch);
            int actual = batch.readableBytes() - before;
            size += actual + ENTRY_OVERHEAD;
            messages++;
            if (pendingBytes.addAndGet(actual - estimate) > boundBytes) {
              overflow();
            }
          }
          case End() -> ended = true;
        }
      }
      isWhole = true;
    } finally {
      if (!isWhole) {
        batch.release();
      }
    }
    owner.wrote(messages, batch.readableBytes());
    long written = size;
    channel.write(batch).addListener(done -> written(written));
    return ended;
  }

  private void written(long size) {
    if (pendingBytes.addAndGet(-size) <= boundBytes / 4 && wasFull) {
      wasFull = false;
      owner.writable();
    }
  }
}
