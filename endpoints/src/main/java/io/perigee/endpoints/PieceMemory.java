package io.perigee.endpoints;

import io.perigee.net.Counters;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The memory of all shared answers on their way to their readers: pieces of one size, used again
 * and again. Fresh ones would be copied by young collections, which stopped a master that sent 34
 * MB for 25 to 45 ms. Kept until the process ends. Safe for all threads.
 *
 * <p>When all is in use, a rendering waits for readers; after {@code patience} of that, and again
 * after as much more, the reader that is furthest behind in the oldest answer is disconnected, if
 * it took nothing for that long or has had {@link #MOST_READING} for its answer. Many readers of a
 * narrow line all go on, and none of them keeps the others waiting for ever.
 */
public final class PieceMemory {
  static final int PIECE_BYTES = 64 * 1024;

  /** Room for three answers of 100,000 tasks; less where the heap is small. */
  private static final long MOST_BYTES = 128L << 20;

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** A rendering that got no piece in so many times the patience is given up. */
  private static final int MOST_WAITS = 20;

  /** For a whole answer while others wait: about 1 MB/s if it has 34 MB. */
  private static final Duration MOST_READING = Duration.ofSeconds(30);

  private final int most;
  private final Duration patience;
  private final LongAdder dropped;
  private final ArrayDeque<byte[]> free = new ArrayDeque<>();
  private final Set<SharedBody> bodies = new LinkedHashSet<>();
  private int made;

  public PieceMemory(Counters counters) {
    this(
        (int) (Math.min(MOST_BYTES, Runtime.getRuntime().maxMemory() / 8) / PIECE_BYTES),
        PATIENCE,
        counters);
  }

  PieceMemory(int most, Duration patience, Counters counters) {
    this.most = most;
    this.patience = patience;
    this.dropped = counters.counter("shared_answers_slow_readers_dropped_total");
  }

  /** The waiting of one rendering, in all. */
  static final class Waits {
    private long nanosLeft;
    private int times;

    Waits(Duration patience) {
      this.nanosLeft = patience.toNanos();
    }
  }

  Waits waits() {
    return new Waits(patience);
  }

  synchronized void began(SharedBody body) {
    bodies.add(body);
  }

  synchronized void ended(SharedBody body) {
    bodies.remove(body);
  }

  /** Waits until a piece is free. Its contents are of some other answer. */
  byte[] take(Waits waits) throws IOException, InterruptedException {
    while (true) {
      byte[] piece = poll(waits);
      if (piece != null) {
        return piece;
      }
      if (waits.times++ == MOST_WAITS) {
        throw new IOException("no memory for the answer came free");
      }
      waits.nanosLeft = patience.toNanos();
      dropSlowest();
    }
  }

  /** Null once the patience is at its end. */
  private synchronized byte @Nullable [] poll(Waits waits) throws InterruptedException {
    while (true) {
      byte[] piece = free.pollLast();
      if (piece != null) {
        return piece;
      }
      if (made < most) {
        made++;
        return new byte[PIECE_BYTES];
      }
      if (waits.nanosLeft <= 0) {
        return null;
      }
      long start = System.nanoTime();
      wait(Math.max(1, waits.nanosLeft / 1_000_000));
      waits.nanosLeft -= System.nanoTime() - start;
    }
  }

  private void dropSlowest() {
    List<SharedBody> oldestFirst;
    synchronized (this) {
      oldestFirst = List.copyOf(bodies);
    }
    long now = System.nanoTime();
    for (SharedBody body : oldestFirst) {
      if (body.dropSlowest(now - patience.toNanos(), now - MOST_READING.toNanos())) {
        dropped.increment();
        return;
      }
    }
  }

  synchronized void give(byte[] piece) {
    free.addLast(piece);
    notifyAll();
  }

  /** Pieces that hold something now. */
  synchronized int used() {
    return made - free.size();
  }
}
