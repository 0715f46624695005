package io.perigee.benchmarks.load;

import io.perigee.benchmarks.Benchmark;
import io.perigee.benchmarks.Broken;
import io.perigee.benchmarks.Setup;
import io.perigee.benchmarks.framework.Http;
import io.perigee.benchmarks.measure.Figure;
import io.perigee.benchmarks.measure.Samples;
import io.perigee.benchmarks.process.ChildJvm;
import io.perigee.benchmarks.process.DaemonMain;
import io.perigee.benchmarks.process.JvmFlags;
import io.perigee.benchmarks.process.ProcessFacts;
import io.perigee.net.client.ClientRequest;
import io.perigee.net.client.HttpClient;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;

/** Events of the operator API to many subscribers, of which one does not read. */
public final class OperatorEvents implements Benchmark {
  private static final int AGENTS = 50;
  private static final int TASKS_PER_AGENT = 50;
  private static final int SUBSCRIBERS = 100;
  private static final int ROUNDS = 30;
  private static final int WARM_UP_ROUNDS = 5;
  private static final int TASKS = 1000;
  private static final int CALM_ROUNDS = 200;
  private static final int CALM_TASKS = 5;

  /** Added, running, finished. */
  private static final int EVENTS_PER_TASK = 3;

  /** Of a framework: added, removed. */
  private static final int EVENTS_PER_ROUND = 2;

  private static final int ECHO_FRAMES = 200_000;
  private static final long PATIENCE_SECONDS = 60;
  private static final String DROPS = "operator_subscribers_dropped_total{reason=\"slow_reader\"} ";

  @Override
  public String name() {
    return "operator-events";
  }

  @Override
  public String summary() {
    return "events of tasks to 100 subscribers of the operator API, one of which stops reading";
  }

  @Override
  public List<Figure> run(Setup setup) throws IOException, InterruptedException {
    Failures failures = new Failures();
    try (ChildJvm master =
            ChildJvm.start(
                System.getProperty("java.class.path"),
                JvmFlags.MASTER,
                DaemonMain.class,
                List.of("master", "--ip=127.0.0.1", "--port=0"));
        Http http = new Http()) {
      URI uri = URI.create(master.firstLine());
      String resources = "cpus:" + TASKS_PER_AGENT + ";mem:" + 32 * TASKS_PER_AGENT;
      EmulatedAgents.register(
          http.client(), uri, setup.count(AGENTS, 2), resources, true, failures);
      return measure(setup, http, uri, new ProcessFacts(master.pid()), failures);
    }
  }

  private static List<Figure> measure(
      Setup setup, Http http, URI uri, ProcessFacts facts, Failures failures)
      throws IOException, InterruptedException {
    int tasks = setup.count(TASKS, 20);
    int rounds = setup.count(ROUNDS, 1);
    Samples busy = new Samples();
    Samples calm = new Samples();
    try (Audience audience = new Audience(http.client(), uri, failures);
        EventReader stopped = new EventReader(failures)) {
      audience.subscribe(setup.count(SUBSCRIBERS, 4) - 1);
      audience.rounds(setup.count(WARM_UP_ROUNDS, 1), tasks);
      EventReader watcher = audience.readers.getFirst();
      long bytes = watcher.bytes();
      double cpuSeconds = facts.cpuSeconds();
      stopped.subscribe(uri);
      watcher.measure(busy);
      double seconds = 0;
      long heldBytes = -1;
      for (int i = 0; i < rounds; i++) {
        seconds += audience.rounds(1, tasks);
        if (heldBytes < 0 && drops(http.client(), uri) > 0) {
          heldBytes = watcher.bytes() - bytes;
        }
      }
      cpuSeconds = facts.cpuSeconds() - cpuSeconds;
      bytes = watcher.bytes() - bytes;
      watcher.measure(calm);
      audience.rounds(setup.count(CALM_ROUNDS, 1), CALM_TASKS);
      int readers = audience.readers.size();
      double delivered = (double) rounds * events(tasks) * readers;
      Figure echo =
          Figure.of(
              "200-byte frames there and back over one link",
              "/s",
              LinkEcho.rate(setup.count(ECHO_FRAMES, 1000)));
      List<Figure> figures = new ArrayList<>();
      figures.add(
          Figure.of("events to " + readers + " readers", "/s", delivered / seconds).beside(echo));
      figures.add(
          Figure.of("CPU of the master, tasks and all", "us/event", cpuSeconds * 1e6 / delivered)
              .beside(echo));
      figures.add(
          Figure.millis("status made by the agent -> event read, " + tasks + " tasks at once", busy)
              .beside(echo));
      figures.add(Figure.millis("the same, " + CALM_TASKS + " tasks at once", calm).beside(echo));
      if (heldBytes >= 0) { // In its smallest form too little is sent for that.
        figures.add(
            Figure.of("sent to others before the stopped one is cut", "MB", heldBytes / 1e6)
                .target("<= 8.4 MB and what sockets hold")
                .beside(Figure.of("in all", "MB", bytes / 1e6)));
      }
      return figures;
    }
  }

  private static long events(int tasks) {
    return EVENTS_PER_ROUND + (long) EVENTS_PER_TASK * tasks;
  }

  /** Subscribers that read, and what they are to hear. */
  private static final class Audience implements AutoCloseable {
    private final HttpClient http;
    private final URI master;
    private final Failures failures;
    private final List<EventReader> readers = new ArrayList<>();

    /** SUBSCRIBED is the first. */
    private long expected = 1;

    private int frameworks;

    private Audience(HttpClient http, URI master, Failures failures) {
      this.http = http;
      this.master = master;
      this.failures = failures;
    }

    private void subscribe(int count) throws IOException, InterruptedException {
      for (int i = 0; i < count; i++) {
        EventReader reader = new EventReader(failures);
        readers.add(reader);
        reader.subscribe(master);
        reader.start();
      }
      awaitEvents();
    }

    /**
     * Lets tasks live; a round ends when all readers have heard of all. Returns the seconds taken.
     */
    private double rounds(int rounds, int tasks) throws IOException, InterruptedException {
      long start = System.nanoTime();
      for (int i = 0; i < rounds; i++) {
        LaunchingFramework framework =
            new LaunchingFramework(
                http, master, "f" + frameworks++, 1, 32, new AtomicLong(tasks), failures);
        framework.subscribe();
        long end = System.nanoTime() + PATIENCE_SECONDS * 1_000_000_000L;
        while (framework.finished() < tasks) {
          pause(end);
        }
        framework.close();
        expected += events(tasks);
        awaitEvents();
      }
      return (System.nanoTime() - start) / 1e9;
    }

    private void awaitEvents() throws Broken, InterruptedException {
      long end = System.nanoTime() + PATIENCE_SECONDS * 1_000_000_000L;
      for (EventReader reader : readers) {
        while (reader.events() < expected) {
          pause(end);
        }
      }
    }

    private void pause(long endNanos) throws Broken, InterruptedException {
      failures.check();
      if (System.nanoTime() > endNanos) {
        throw new Broken("not all happened within " + PATIENCE_SECONDS + " s");
      }
      Thread.sleep(1);
    }

    @Override
    public void close() throws IOException {
      for (EventReader reader : readers) {
        reader.close();
      }
    }
  }

  /** Subscribers that the master has disconnected. */
  private static long drops(HttpClient http, URI master) throws Broken, InterruptedException {
    try {
      byte[] body = http.send(ClientRequest.get(master.resolve("/metrics"))).get().body();
      return new String(body, StandardCharsets.UTF_8)
          .lines()
          .filter(line -> line.startsWith(DROPS))
          .mapToLong(line -> Long.parseLong(line.substring(DROPS.length())))
          .sum();
    } catch (ExecutionException e) {
      throw new Broken(String.valueOf(e.getCause()));
    }
  }
}
