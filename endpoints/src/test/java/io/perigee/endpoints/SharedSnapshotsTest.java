package io.perigee.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class SharedSnapshotsTest {
  private int asked;
  private boolean isFull;
  private final SharedSnapshots<String> snapshots =
      new SharedSnapshots<>(() -> {
        asked++;
        return !isFull;
      });

  @Test
  void readersThatComeMeanwhileShareTheNextOne() {
    var first = snapshots.latest();
    var second = snapshots.latest();
    var third = snapshots.latest();
    assertThat(asked).isEqualTo(1);

    snapshots.delivered("a");
    assertThat(first).isCompletedWithValue("a");
    assertThat(second).as("asked after the first was: may have to see more").isNotDone();
    assertThat(asked).isEqualTo(2);

    snapshots.delivered("b");
    assertThat(second).isCompletedWithValue("b");
    assertThat(third).isCompletedWithValue("b");
    assertThat(asked).as("nobody waits any more").isEqualTo(2);
  }

  @Test
  void manyReadersAskForTwo() throws Exception {
    CountDownLatch ready = new CountDownLatch(200);
    List<CompletableFuture<String>> futures = new ArrayList<>();
    List<Thread> readers = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      readers.add(
          Thread.startVirtualThread(() -> {
            var future = snapshots.latest();
            synchronized (futures) {
              futures.add(future);
            }
            ready.countDown();
          }));
    }
    ready.await();
    for (Thread reader : readers) {
      reader.join();
    }
    snapshots.delivered("a");
    snapshots.delivered("b");

    assertThat(asked).isEqualTo(2);
    assertThat(futures).hasSize(200).allSatisfy(f -> assertThat(f).isCompleted());
    assertThat(futures.stream().filter(f -> f.join().equals("a"))).hasSize(1);
  }

  @Test
  void aFullLoopFailsAtOnceAndIsAskedAnew() {
    isFull = true;
    assertThat(snapshots.latest()).isCompletedExceptionally();

    isFull = false;
    var later = snapshots.latest();
    snapshots.delivered("a");
    assertThat(later).isCompletedWithValue("a");
  }

  @Test
  void aLoopThatFillsUpMeanwhileFailsThoseWhoWaitForTheNext() {
    var first = snapshots.latest();
    var second = snapshots.latest();
    isFull = true;
    snapshots.delivered("a");

    assertThat(first).isCompletedWithValue("a");
    assertThat(second).isCompletedExceptionally();
    isFull = false;
    assertThat(snapshots.latest()).as("nothing is stuck").isNotDone();
    assertThat(asked).isEqualTo(3);
  }

  @Test
  void aSnapshotThatNeverComesHoldsNoQueue() {
    var _ = snapshots.latest();
    for (int i = 0; i < 1000; i++) {
      assertThat(snapshots.latest()).isNotDone();
    }
    assertThat(asked).isEqualTo(1);
    snapshots.delivered("late");
    assertThat(asked).isEqualTo(2);
  }

  @Test
  void anAnswerThatNobodyWaitsForIsDropped() {
    snapshots.delivered("?");
    assertThat(snapshots.latest()).isNotDone();
  }
}
