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
    Samples lags = new Samples();
    List<EventReader> readers = new ArrayList<>();
    try (EventReader stopped = new EventReader(null, failures)) {
      for (int i = 1; i < setup.count(SUBSCRIBERS, 4); i++) {
        readers.add(new EventReader(i == 1 ? lags : null, failures));
        readers.getLast().subscribe(uri);
        readers.getLast().start();
      }
      awaitEvents(readers, 1, failures); // SUBSCRIBED
      int warmUp = setup.count(WARM_UP_ROUNDS, 1);
      double seconds = rounds(http, uri, "w", warmUp, tasks, readers, 0, failures);
      long bytes = readers.getFirst().bytes();
      double cpuSeconds = facts.cpuSeconds();
      stopped.subscribe(uri);
      long heldBytes = -1;
      seconds = 0;
      for (int i = 0; i < rounds; i++) {
        seconds += rounds(http, uri, "r" + i, 1, tasks, readers, warmUp + i, failures);
        if (heldBytes < 0 && drops(http.client(), uri) > 0) {
          heldBytes = readers.getFirst().bytes() - bytes;
        }
      }
      cpuSeconds = facts.cpuSeconds() - cpuSeconds;
      double delivered = (double) rounds * events(tasks) * readers.size();
      Figure echo =
          Figure.of(
              "200-byte frames there and back over one link",
              "/s",
              LinkEcho.rate(setup.count(ECHO_FRAMES, 1000)));
      return List.of(
          Figure.of("events to %d readers".formatted(readers.size()), "/s", delivered / seconds)
              .beside(echo),
          Figure.of("CPU of the master, tasks and all", "us/event", cpuSeconds * 1e6 / delivered)
              .beside(echo),
          Figure.millis("status made by the agent -> event read", lags).beside(echo),
          Figure.of("sent to others before the stopped one is disconnected", "MB", heldBytes / 1e6)
              .target("<= 8 MB and what sockets hold")
              .beside(Figure.of("in all", "MB", (readers.getFirst().bytes() - bytes) / 1e6)));
    } finally {
      for (EventReader reader : readers) {
        reader.close();
      }
    }
  }

  private static long events(int tasks) {
    return EVENTS_PER_ROUND + (long) EVENTS_PER_TASK * tasks;
  }

  /** Lets tasks live, some at a time; a round ends when all readers have heard of all. Seconds. */
  private static double rounds(
      Http http,
      URI master,
      String name,
      int rounds,
      int tasks,
      List<EventReader> readers,
      int roundsBefore,
      Failures failures)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    for (int i = 1; i <= rounds; i++) {
      LaunchingFramework framework =
          new LaunchingFramework(
              http.client(), master, name + i, 1, 32, new AtomicLong(tasks), failures);
      framework.subscribe();
      long end = System.nanoTime() + PATIENCE_SECONDS * 1_000_000_000L;
      while (framework.finished() < tasks) {
        check(failures, end);
      }
      framework.close();
      awaitEvents(readers, 1 + (roundsBefore + i) * events(tasks), failures);
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private static void awaitEvents(List<EventReader> readers, long events, Failures failures)
      throws Broken, InterruptedException {
    long end = System.nanoTime() + PATIENCE_SECONDS * 1_000_000_000L;
    for (EventReader reader : readers) {
      while (reader.events() < events) {
        check(failures, end);
      }
    }
  }

  private static void check(Failures failures, long endNanos) throws Broken, InterruptedException {
    failures.check();
    if (System.nanoTime() > endNanos) {
      throw new Broken("not all happened within " + PATIENCE_SECONDS + " s");
    }
    Thread.sleep(1);
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
