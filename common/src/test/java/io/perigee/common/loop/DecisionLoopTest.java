package io.perigee.common.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The loop's promises: order, durability before commands, bounded queue, deadlines, the end of a
 * broken core.
 */
@Timeout(10)
class DecisionLoopTest {

  /** "record:x" writes x and tells x; "break" breaks; anything else is only told. */
  private static final class EchoCore implements DecisionCore<String, String, String> {
    private long deadline = Long.MAX_VALUE;

    @Override
    public void decide(long nowNanos, String event, Outcome<String, String> outcome) {
      if (event.equals("break")) {
        throw new IllegalStateException("broken on purpose");
      }
      if (event.startsWith("record:")) {
        outcome.record(event);
      }
      if (event.startsWith("wake in ")) {
        deadline = nowNanos + Long.parseLong(event.substring(8));
      }
      outcome.command("did " + event);
    }

    @Override
    public void wake(long nowNanos, Outcome<String, String> outcome) {
      if (deadline <= nowNanos) {
        deadline = Long.MAX_VALUE;
        outcome.command("woke");
      }
    }

    @Override
    public void apply(String record) {}

    @Override
    public long nextDeadlineNanos() {
      return deadline;
    }
  }

  private static final class HeldJournal implements Journal<String> {
    private final List<Listener> waiting = new ArrayList<>();

    @Override
    public synchronized void append(List<String> records, Listener listener) {
      waiting.add(listener);
      notifyAll();
    }

    synchronized Listener first() throws InterruptedException {
      while (waiting.isEmpty()) {
        wait();
      }
      return waiting.removeFirst();
    }
  }

  private final LinkedBlockingQueue<String> performed = new LinkedBlockingQueue<>();
  private final LinkedBlockingQueue<Throwable> fatal = new LinkedBlockingQueue<>();
  private final AtomicLong now = new AtomicLong();

  private DecisionLoop<String, String, String> loop(Journal<String> journal, int capacity) {
    return new DecisionLoop<>(
        "loop",
        new EchoCore(),
        journal,
        performed::addAll,
        now::incrementAndGet,
        capacity,
        fatal::add);
  }

  @Test
  void commandsLeaveInTheOrderOfTheEvents() throws Exception {
    try (var loop = loop(Journal.forgetful(), 10_000)) {
      loop.start();
      for (int i = 0; i < 5_000; i++) {
        assertThat(loop.offer(i % 3 == 0 ? "record:" + i : "" + i)).isTrue();
      }
      for (int i = 0; i < 5_000; i++) {
        assertThat(performed.take()).isEqualTo("did " + (i % 3 == 0 ? "record:" : "") + i);
      }
    }
  }

  @Test
  void commandsWaitUntilEarlierRecordsAreDurable() throws Exception {
    HeldJournal journal = new HeldJournal();
    try (var loop = loop(journal, 100)) {
      loop.start();
      loop.offer("a");
      loop.offer("record:b");
      loop.offer("c");
      assertThat(performed.take()).isEqualTo("did a");
      var write = journal.first();
      assertThat(performed.poll(50, TimeUnit.MILLISECONDS)).isNull();
      write.durable();
      assertThat(performed.take()).isEqualTo("did record:b");
      assertThat(performed.take()).isEqualTo("did c");
    }
  }

  @Test
  void fullQueueRefusesEventsButNotThoseThatMustNotBeLost() throws Exception {
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    DecisionLoop<String, String, String> loop =
        new DecisionLoop<>(
            "loop",
            new EchoCore(),
            Journal.forgetful(),
            commands -> {
              performed.addAll(commands);
              busy.countDown();
              try {
                release.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            now::incrementAndGet,
            2,
            fatal::add);
    try (loop) {
      loop.start();
      loop.offer("first");
      busy.await();
      assertThat(loop.offer("a")).isTrue();
      assertThat(loop.offer("b")).isTrue();
      assertThat(loop.offer("c")).isFalse();
      loop.offerAlways("d");
      assertThat(loop.refused()).isEqualTo(1);
      assertThat(loop.depth()).isEqualTo(3);
      release.countDown();
    }
    assertThat(performed).containsExactly("did first", "did a", "did b", "did d");
  }

  @Test
  void coreIsWokenAtItsDeadline() throws Exception {
    try (var loop = loop(Journal.forgetful(), 10)) {
      loop.start();
      loop.offer("wake in 3");
      assertThat(performed.take()).isEqualTo("did wake in 3");
      assertThat(performed.take()).isEqualTo("woke");
    }
  }

  @Test
  void brokenCoreIsReportedOnceAndNothingMoreIsDecided() throws Exception {
    try (var loop = loop(Journal.forgetful(), 10)) {
      loop.start();
      loop.offer("a");
      loop.offer("break");
      assertThat(fatal.take()).hasMessage("broken on purpose");
      loop.offer("b");
    }
    assertThat(performed).doesNotContain("did b");
    assertThat(fatal).isEmpty();
  }

  @Test
  void failedJournalIsFatal() throws Exception {
    HeldJournal journal = new HeldJournal();
    try (var loop = loop(journal, 10)) {
      loop.start();
      loop.offer("record:a");
      journal.first().failed(new IllegalStateException("disk full"));
      assertThat(fatal.take()).hasRootCauseMessage("disk full");
    }
    assertThat(performed).isEmpty();
  }
}
