package io.perigee.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.net.Encoder;
import io.perigee.net.link.FrameLink;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LinkFeedTest {
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final Link link = new Link();

  @AfterEach
  void stop() {
    timer.shutdownNow();
  }

  @Test
  void aFullLoopStopsTheLinkUntilItHasRoom() throws Exception {
    AtomicInteger tries = new AtomicInteger();
    List<String> taken = new ArrayList<>();
    LinkFeed<String> feed =
        new LinkFeed<>(link, event -> tries.incrementAndGet() > 3 && taken.add(event), timer);

    feed.deliver("a");
    assertThat(link.isPaused()).isTrue();
    assertThat(link.resumed.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(taken).containsExactly("a");
    assertThat(tries).hasValue(4);

    feed.deliver("b");
    assertThat(taken).containsExactly("a", "b");
    assertThat(link.pauses).as("there was room").hasValue(1);
  }

  /** Else an agent could register after its own end was told, and never be missed again. */
  @Test
  void nothingIsHandedOnOnceTheFeedIsClosed() throws Exception {
    CountDownLatch isRetrying = new CountDownLatch(1);
    CountDownLatch mayGoOn = new CountDownLatch(1);
    List<String> log = new ArrayList<>();
    AtomicInteger tries = new AtomicInteger();
    LinkFeed<String> feed =
        new LinkFeed<>(
            link,
            event -> {
              if (tries.incrementAndGet() == 1) {
                return false;
              }
              isRetrying.countDown();
              await(mayGoOn);
              synchronized (log) {
                return log.add(event);
              }
            },
            timer);
    feed.deliver("registers");
    await(isRetrying);

    Thread closing =
        Thread.ofPlatform()
            .start(() -> {
              feed.close();
              synchronized (log) {
                log.add("gone");
              }
            });
    // Either the close waits for the retry, or it has returned before it.
    closing.join(100);
    mayGoOn.countDown();
    closing.join();
    assertThat(timer.submit(() -> true).get()).isTrue();

    assertThat(log).last().isEqualTo("gone");
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static final class Link implements FrameLink {
    private final AtomicInteger pauses = new AtomicInteger();
    private final CountDownLatch resumed = new CountDownLatch(1);

    private boolean isPaused() {
      return pauses.get() == 1 && resumed.getCount() == 1;
    }

    @Override
    public void pauseReading() {
      pauses.incrementAndGet();
    }

    @Override
    public void resumeReading() {
      resumed.countDown();
    }

    @Override
    public boolean send(byte[] frame) {
      return false;
    }

    @Override
    public boolean send(Encoder encoder, int estimate) {
      return false;
    }

    @Override
    public boolean isWritable() {
      return true;
    }

    @Override
    public void close(String reason) {}

    @Override
    public InetSocketAddress remoteAddress() {
      return new InetSocketAddress(1);
    }

    @Override
    public long bytesIn() {
      return 0;
    }

    @Override
    public long bytesOut() {
      return 0;
    }
  }
}
