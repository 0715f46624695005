package io.perigee.agent.fetcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FetchCacheIT {
  private static final FileOwner ANN = new FileOwner(1000, 1000, List.of());
  private static final FileOwner BOB = new FileOwner(1001, 1001, List.of());

  @TempDir Path folder;
  private final AtomicInteger loads = new AtomicInteger();
  private FetchCache cache;

  @BeforeEach
  void start() throws IOException {
    Files.createDirectories(folder.resolve("cache"));
    Files.writeString(folder.resolve("cache/fetched-7"), "of an earlier agent");
    cache = new FetchCache(folder.resolve("cache"), 10);
  }

  private FetchCache.Lease lease(FileOwner owner, String uri, int bytes) throws Exception {
    return cache.lease(
        new FetchCache.Key(owner, uri),
        file -> {
          loads.incrementAndGet();
          Files.write(file, new byte[bytes]);
        });
  }

  private void use(FileOwner owner, String uri, int bytes) throws Exception {
    try (FetchCache.Lease lease = lease(owner, uri, bytes)) {
      assertThat(lease.file()).hasSize(bytes);
    }
  }

  @Test
  void aFileIsBroughtOnceForEachUser() throws Exception {
    assertThat(folder.resolve("cache")).isEmptyDirectory();
    use(ANN, "a", 3);
    use(ANN, "a", 3);
    assertThat(loads).hasValue(1);
    use(BOB, "a", 3);
    use(null, "a", 3);
    assertThat(loads).hasValue(3);
    assertThat(cache.usedBytes()).isEqualTo(9);
  }

  @Test
  void whatWasUsedLongestAgoGoesFirstButNotWhatIsInUse() throws Exception {
    FetchCache.Lease held = lease(ANN, "held", 5);
    use(ANN, "a", 2);
    use(ANN, "b", 2);
    use(ANN, "a", 2);
    use(ANN, "c", 2);
    assertThat(cache.usedBytes()).isEqualTo(9);
    assertThat(loads).hasValue(4);
    use(ANN, "a", 2);
    assertThat(loads).as("a is there").hasValue(4);
    use(ANN, "b", 2);
    assertThat(loads).as("b was gone").hasValue(5);
    assertThat(held.file()).exists();

    use(ANN, "huge", 100);
    assertThat(held.file()).as("in use").exists();
    held.close();
    assertThat(cache.usedBytes()).isLessThanOrEqualTo(10);
    try (var files = Files.list(folder.resolve("cache"))) {
      assertThat(files.mapToLong(f -> f.toFile().length()).sum()).isEqualTo(cache.usedBytes());
    }
  }

  @Test
  void theSecondWaitsForTheFirst() throws Exception {
    CountDownLatch isLoading = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    FutureTask<Void> first =
        new FutureTask<>(() -> {
          cache
              .lease(
                  new FetchCache.Key(ANN, "a"),
                  file -> {
                    isLoading.countDown();
                    mayEnd.await();
                    Files.write(file, new byte[2]);
                  })
              .close();
          return null;
        });
    Thread.ofPlatform().daemon().start(first);
    isLoading.await();
    FutureTask<Void> second =
        new FutureTask<>(() -> {
          use(ANN, "a", 2);
          return null;
        });
    Thread.ofPlatform().daemon().start(second);
    mayEnd.countDown();
    first.get();
    second.get();
    assertThat(loads).as("the second brought nothing").hasValue(0);
  }

  @Test
  void aFailureIsNotKept() throws Exception {
    assertThatThrownBy(() ->
            cache.lease(
                new FetchCache.Key(ANN, "a"),
                file -> {
                  Files.write(file, new byte[2]);
                  throw new FetchFailure("no");
                }))
        .hasMessage("no");
    assertThat(folder.resolve("cache")).isEmptyDirectory();
    assertThat(cache.usedBytes()).isZero();
    use(ANN, "a", 2);
    assertThat(loads).hasValue(1);
  }
}
