package io.perigee.agent.fetcher;

import io.perigee.net.Counters;
import io.perigee.net.EventLoops;
import io.perigee.net.client.ClientLimits;
import io.perigee.net.client.HttpClient;
import io.perigee.net.link.LinkLimits;
import io.perigee.net.tls.Tls;
import io.perigee.net.tls.TlsFiles;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches URIs into sandboxes, for several containers at a time; those beyond {@link #MOST_FETCHES}
 * wait. Safe for all threads.
 */
public final class Fetcher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Fetcher.class);

  /**
   * Containers that are fetched for at once. Platform threads, since files and processes block
   * them; a thread is cheap beside a download, of which at most a megabyte waits in memory.
   */
  private static final int MOST_FETCHES = 64;

  /** Archives that are unpacked at once: each may take a third of the agent's heap. */
  private static final int MOST_EXTRACTIONS = 2;

  /** Longer than any server needs to accept a connection. */
  private static final Duration MOST_CONNECT_TIME = Duration.ofSeconds(30);

  private static final Duration IDLE_TIME = Duration.ofSeconds(10);
  private static final int STOP_SECONDS = 5;

  private final Tls tls;
  private final HttpClient client;
  private final FetchCache cache;
  private final FetchJob.Shared shared;
  private final LongAdder succeeded = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final ThreadPoolExecutor threads;

  /**
   * Servers of {@code https} are trusted whom the JDK trusts.
   *
   * @param loops outlive the fetcher
   * @throws IOException if the cache's directory or the JDK's authorities cannot be used
   */
  public Fetcher(FetcherOptions options, EventLoops loops, Counters counters) throws IOException {
    this(
        options,
        loops,
        Tls.client(new TlsFiles(null, null, null), Duration.ofDays(1), counters),
        counters);
  }

  /**
   * @param tls closed with the fetcher
   */
  Fetcher(FetcherOptions options, EventLoops loops, Tls tls, Counters counters) throws IOException {
    this.tls = tls;
    cache = new FetchCache(options.cacheDirectory(), options.cacheBytes());
    client =
        new HttpClient(loops, limits(options.stallTimeout()), LinkLimits.defaults(), tls, counters);
    shared =
        new FetchJob.Shared(
            options, new Download(client), cache, new Semaphore(MOST_EXTRACTIONS, true));
    threads =
        new ThreadPoolExecutor(
            MOST_FETCHES,
            MOST_FETCHES,
            IDLE_TIME.toSeconds(),
            TimeUnit.SECONDS,
            // Bounded by the containers that the agent takes.
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().name("agent-fetch-", 0).daemon(true).factory());
    threads.allowCoreThreadTimeOut(true);
  }

  /** As many connections as fetches: none waits for another's. */
  private static ClientLimits limits(Duration stallTimeout) {
    ClientLimits usual = ClientLimits.defaults();
    return new ClientLimits(
        stallTimeout.compareTo(MOST_CONNECT_TIME) < 0 ? stallTimeout : MOST_CONNECT_TIME,
        stallTimeout,
        IDLE_TIME,
        stallTimeout,
        MOST_FETCHES,
        MOST_FETCHES,
        usual.responseBytes(),
        usual.headerBytes());
  }

  /**
   * Begins to fetch.
   *
   * @param listener hears the outcome once, on a thread of the fetcher or of who cancels
   */
  public Fetch fetch(FetchRequest request, Consumer<FetchOutcome> listener) {
    Running running = new Running(request, listener);
    threads.execute(running);
    return () -> running.cancel(true);
  }

  private final class Running extends FutureTask<FetchOutcome> {
    private final FetchRequest request;
    private final Consumer<FetchOutcome> listener;

    private Running(FetchRequest request, Consumer<FetchOutcome> listener) {
      super(new FetchJob(request, shared));
      this.request = request;
      this.listener = listener;
    }

    @Override
    protected void done() {
      FetchOutcome outcome = outcome();
      switch (outcome) {
        case FetchOutcome.Fetched() -> succeeded.increment();
        case FetchOutcome.Failed(String message) -> {
          failed.increment();
          LOG.info("{}", message);
        }
      }
      listener.accept(outcome);
    }

    private FetchOutcome outcome() {
      String why = "it was cancelled";
      try {
        return resultNow();
      } catch (IllegalStateException noResult) {
        if (state() == State.FAILED) {
          why = String.valueOf(exceptionNow());
        }
      }
      return new FetchOutcome.Failed(
          "Failed to fetch all URIs for container '" + request.containerId() + "': " + why);
    }
  }

  /** What has been counted and what is kept, by Mesos' names. Source: mesos/docs/monitoring.md. */
  public Map<String, Double> metrics() {
    Map<String, Double> values = new TreeMap<>();
    values.put("containerizer/fetcher/task_fetches_succeeded", (double) succeeded.sum());
    values.put("containerizer/fetcher/task_fetches_failed", (double) failed.sum());
    values.put("containerizer/fetcher/cache_size_total_bytes", (double) cache.mostBytes());
    values.put("containerizer/fetcher/cache_size_used_bytes", (double) cache.usedBytes());
    return values;
  }

  /**
   * Stops everything, and waits for it a few seconds. What was under way is told as failed, what
   * waited is not told any more.
   */
  @Override
  public void close() {
    threads.shutdownNow();
    client.close();
    tls.close();
    try {
      if (!threads.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("files are still being fetched after {} s", STOP_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
