package io.perigee.common.loop;

import io.perigee.common.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a {@link DecisionCore} on one platform thread, fed by a bounded queue.
 *
 * <p>Commands leave in the order in which they were decided, and only when every record decided
 * before them is durable: a command of an event that wrote nothing still waits behind an earlier
 * event's write, because its decision may rest on that write. Nothing is executed while the loop
 * waits; new events go on being decided.
 *
 * <p>Any thread may call the public methods.
 */
public final class DecisionLoop<E, R, C> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DecisionLoop.class);

  /**
   * Events decided between two looks at the queue: bounds how long a command of the first one
   * waits.
   */
  private static final int BATCH = 512;

  /** Last events kept for the log should an invariant break. */
  private static final int LAST_EVENTS = 64;

  private final String name;
  private final DecisionCore<E, R, C> core;
  private final Journal<R> journal;
  private final Performer<C> performer;
  private final Clock clock;
  private final FatalListener fatal;
  private final int capacity;
  private final Thread thread;
  private final CountDownLatch stopped = new CountDownLatch(1);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<E> queue = new ArrayDeque<>();
  private long durableAppends;
  private @Nullable Throwable journalFailure;
  private boolean closing;
  private long refusedEvents;

  // Owned by the loop's thread.
  private final Outcome<R, C> outcome = new Outcome<>();
  private final ArrayDeque<Held<C>> held = new ArrayDeque<>();
  private final ArrayDeque<E> lastEvents = new ArrayDeque<>(LAST_EVENTS);
  private final List<C> ready = new ArrayList<>();
  private long startedAppends;

  /** Carries out commands, quickly and without blocking, on the loop's thread. */
  @FunctionalInterface
  public interface Performer<C> {
    /** The list belongs to the loop and is reused after the call. */
    void perform(List<C> commands);
  }

  /** Hears that the loop stopped for good. */
  @FunctionalInterface
  public interface FatalListener {
    void stopped(Throwable cause);
  }

  private record Held<C>(long append, List<C> commands) {}

  /**
   * @param name of the thread
   * @param capacity events that may wait; more are refused by {@link #offer}
   * @param fatal called once if the core breaks an invariant or the journal fails; it should end
   *     the process
   */
  public DecisionLoop(
      String name,
      DecisionCore<E, R, C> core,
      Journal<R> journal,
      Performer<C> performer,
      Clock clock,
      int capacity,
      FatalListener fatal) {
    this.name = name;
    this.core = core;
    this.journal = journal;
    this.performer = performer;
    this.clock = clock;
    this.capacity = capacity;
    this.fatal = fatal;
    this.thread = Thread.ofPlatform().name(name).daemon(true).unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  /**
   * Queues an event.
   *
   * @return false if the queue is full or the loop is closing: the event was not taken, the caller
   *     tells its client so
   */
  public boolean offer(E event) {
    lock.lock();
    try {
      if (closing || queue.size() >= capacity) {
        refusedEvents++;
        return false;
      }
      add(event);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Queues an event that must not be lost, even when the queue is full. For events of which each
   * connection can cause one at most, such as its own end; their number is bounded by the number of
   * connections.
   */
  public void offerAlways(E event) {
    lock.lock();
    try {
      if (!closing) {
        add(event);
      }
    } finally {
      lock.unlock();
    }
  }

  private void add(E event) {
    queue.addLast(event);
    if (queue.size() == 1) {
      changed.signal();
    }
  }

  /** Events waiting to be decided. */
  public int depth() {
    lock.lock();
    try {
      return queue.size();
    } finally {
      lock.unlock();
    }
  }

  /** Events refused since the start because the queue was full. */
  public long refused() {
    lock.lock();
    try {
      return refusedEvents;
    } finally {
      lock.unlock();
    }
  }

  /** Decides what is queued, performs what is durable, and stops. Waits up to five seconds. */
  @Override
  public void close() {
    lock.lock();
    try {
      closing = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
    if (Thread.currentThread() == thread) {
      return;
    }
    try {
      if (thread.isAlive() && !stopped.await(5, TimeUnit.SECONDS)) {
        LOG.warn("{} did not stop within 5 seconds", name);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      List<E> batch = new ArrayList<>(BATCH);
      while (take(batch)) {
        for (E event : batch) {
          remember(event);
          core.decide(clock.nowNanos(), event, outcome);
          settle();
        }
        batch.clear();
        long now = clock.nowNanos();
        if (core.nextDeadlineNanos() <= now) {
          core.wake(now, outcome);
          settle();
        }
        release();
      }
    } catch (
        Throwable broken) { // The outermost frame: whatever broke, the process must learn of it.
      LOG.error(
          "{} stops: {}. Its last events, oldest first: {}", name, broken, lastEvents, broken);
      fatal.stopped(broken);
    } finally {
      stopped.countDown();
    }
  }

  private void remember(E event) {
    if (lastEvents.size() == LAST_EVENTS) {
      lastEvents.removeFirst();
    }
    lastEvents.addLast(event);
  }

  /** Waits for something to do. False when the loop was closed and the queue is empty. */
  private boolean take(List<E> batch) throws InterruptedException {
    lock.lock();
    try {
      while (queue.isEmpty()) {
        failIfJournalDid();
        if (closing) {
          return false;
        }
        if (!held.isEmpty() && held.peekFirst().append() <= durableAppends) {
          return true;
        }
        long deadline = core.nextDeadlineNanos();
        if (deadline == Long.MAX_VALUE) {
          changed.await();
        } else {
          long wait = deadline - clock.nowNanos();
          if (wait <= 0) {
            return true;
          }
          changed.awaitNanos(wait);
        }
      }
      failIfJournalDid();
      for (int i = 0; i < BATCH && !queue.isEmpty(); i++) {
        batch.add(queue.removeFirst());
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void failIfJournalDid() {
    if (journalFailure != null) {
      throw new IllegalStateException(
          "the journal failed, so nothing more can be promised", journalFailure);
    }
  }

  /** Sends records to the journal and sets the commands aside until these are durable. */
  private void settle() {
    if (!outcome.records().isEmpty()) {
      startedAppends++;
      journal.append(List.copyOf(outcome.records()), new AppendListener());
    }
    if (!outcome.commands().isEmpty()) {
      held.addLast(new Held<>(startedAppends, List.copyOf(outcome.commands())));
    }
    outcome.clear();
  }

  private void release() {
    long durable;
    lock.lock();
    try {
      durable = durableAppends;
    } finally {
      lock.unlock();
    }
    while (!held.isEmpty() && held.peekFirst().append() <= durable) {
      ready.addAll((Collection<? extends C>) held.removeFirst().commands());
    }
    if (!ready.isEmpty()) {
      performer.perform(ready);
      ready.clear();
    }
  }

  private final class AppendListener implements Journal.Listener {
    @Override
    public void durable() {
      lock.lock();
      try {
        durableAppends++;
        changed.signal();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void failed(Throwable cause) {
      lock.lock();
      try {
        journalFailure = cause;
        changed.signal();
      } finally {
        lock.unlock();
      }
    }
  }
}
