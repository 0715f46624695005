package io.perigee.benchmarks.load;

import io.perigee.benchmarks.Benchmark;
import io.perigee.benchmarks.Broken;
import io.perigee.benchmarks.Setup;
import io.perigee.benchmarks.framework.Http;
import io.perigee.benchmarks.framework.QueueingFramework;
import io.perigee.benchmarks.measure.Figure;
import io.perigee.benchmarks.measure.Samples;
import io.perigee.benchmarks.process.ChildJvm;
import io.perigee.benchmarks.process.DaemonMain;
import io.perigee.benchmarks.process.JvmFlags;
import io.perigee.benchmarks.process.ProcessFacts;
import io.perigee.mesos.v1.scheduler.Call;
import io.perigee.net.client.ClientRequest;
import io.perigee.net.client.HttpClient;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Stream;

/** The whole state read from a master with many tasks, and what a scheduler feels of that. */
public final class StateRead implements Benchmark {
  private static final int AGENTS = 10_000;
  private static final int TASKS_PER_AGENT = 10;
  private static final int WARM_UP = 20;
  private static final int READS = 30;
  private static final int READERS = 20;

  /** Of each reader, from the end of one answer to the next request. */
  private static final long POLL_EVERY_MILLIS = 1000;

  private static final int CALLS = 2000;
  private static final long CALL_EVERY_MILLIS = 4;
  private static final long PATIENCE_SECONDS = 120;

  /** One way to ask for everything. */
  private record Query(String name, Function<URI, ClientRequest> request) {}

  private static final Query STATE =
      new Query("GET /state", master -> ClientRequest.get(master.resolve("/state")));

  private static final List<Query> QUERIES =
      List.of(
          STATE,
          new Query(
              "the same compressed",
              master -> STATE.request.apply(master).with("Accept-Encoding", "gzip")),
          new Query("GET_STATE, JSON", master -> getState(master, "application/json")),
          new Query("GET_STATE, protobuf", master -> getState(master, "application/x-protobuf")));

  private static ClientRequest getState(URI master, String format) {
    return ClientRequest.post(
            master.resolve("/api/v1"),
            "application/json",
            "{\"type\":\"GET_STATE\"}".getBytes(StandardCharsets.UTF_8))
        .with("Accept", format);
  }

  @Override
  public String name() {
    return "state-read";
  }

  @Override
  public String summary() {
    return "the whole state of 10,000 agents and 100,000 tasks, alone and beside a scheduler's calls";
  }

  @Override
  public List<Figure> run(Setup setup) throws IOException, InterruptedException {
    Failures failures = new Failures();
    int agents = setup.count(AGENTS, 2);
    try (ChildJvm master =
            ChildJvm.start(
                System.getProperty("java.class.path"),
                JvmFlags.MASTER,
                DaemonMain.class,
                List.of("master", "--ip=127.0.0.1", "--port=0"));
        Http http = new Http()) {
      URI uri = URI.create(master.firstLine());
      String resources = "cpus:" + TASKS_PER_AGENT + ";mem:" + 32 * TASKS_PER_AGENT;
      EmulatedAgents.register(http.client(), uri, agents, resources, false, failures);
      try (LaunchingFramework _ = fill(http.client(), uri, agents * TASKS_PER_AGENT, failures)) {
        failures.check();
        List<Figure> figures = new ArrayList<>();
        for (Query query : QUERIES) {
          read(query, http.client(), uri, master, setup, figures);
        }
        callBesideReaders(http.client(), uri, setup, figures);
        ProcessFacts facts = new ProcessFacts(master.pid());
        figures.add(Figure.of("the master's memory afterwards", "MB", facts.residentMegabytes()));
        return figures;
      }
    }
  }

  private static LaunchingFramework fill(HttpClient http, URI master, int tasks, Failures failures)
      throws Broken, InterruptedException {
    LaunchingFramework framework =
        new LaunchingFramework(http, master, "many", 1, 32, new AtomicLong(tasks), failures);
    framework.subscribe();
    long end = System.nanoTime() + PATIENCE_SECONDS * 1_000_000_000L;
    while (framework.running() < tasks) {
      failures.check();
      if (System.nanoTime() > end) {
        throw new Broken("not all tasks ran within " + PATIENCE_SECONDS + " s");
      }
      Thread.sleep(5);
    }
    return framework;
  }

  private static void read(
      Query query, HttpClient http, URI uri, ChildJvm master, Setup setup, List<Figure> figures)
      throws IOException, InterruptedException {
    ClientRequest request = query.request.apply(uri);
    for (int i = 0; i < setup.count(WARM_UP, 1); i++) {
      WholeRead.of(http, request);
    }
    Samples first = new Samples();
    Samples whole = new Samples();
    Samples copies = new Samples();
    int reads = setup.count(READS, 2);
    long bytes = 0;
    long allocatedBefore = allocated(master);
    for (int i = 0; i < reads; i++) {
      WholeRead read = WholeRead.of(http, request);
      first.add(read.firstNanos());
      whole.add(read.wholeNanos());
      bytes = read.bytes();
      copies.add(copy((int) bytes));
    }
    double allocated = (allocated(master) - allocatedBefore) / 1e6 / reads;
    figures.add(
        Figure.millis("%s, %.1f MB".formatted(query.name, bytes / 1e6), whole)
            .target("<= 500 ms")
            .beside(Figure.millis("copy as many bytes", copies)));
    figures.add(Figure.millis("until its first byte", first));
    figures.add(Figure.of("allocated for it", "MB", allocated));
  }

  private static long allocated(ChildJvm master) throws IOException {
    return Long.parseLong(master.ask());
  }

  private static long copy(int bytes) {
    byte[] body = new byte[bytes];
    long start = System.nanoTime();
    int copied = body.clone().length;
    return System.nanoTime() - start + (bytes - copied);
  }

  private static void callBesideReaders(
      HttpClient http, URI master, Setup setup, List<Figure> figures)
      throws IOException, InterruptedException {
    Samples quiet = new Samples();
    Samples busy = new Samples();
    Samples polls = new Samples();
    try (QueueingFramework scheduler = new QueueingFramework(http, master, "caller")) {
      int calls = setup.count(CALLS, 10);
      call(scheduler, calls / 2, new Samples());
      call(scheduler, calls, quiet);
      try (ChildJvm pollers =
          ChildJvm.start(
              System.getProperty("java.class.path"),
              List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
              PollersMain.class,
              List.of(
                  master.resolve("/state").toString(),
                  Integer.toString(READERS),
                  Long.toString(POLL_EVERY_MILLIS)))) {
        call(scheduler, calls, busy);
        Stream.of(pollers.ask().split(" "))
            .filter(nanos -> !nanos.isEmpty())
            .forEach(nanos -> polls.add(Long.parseLong(nanos)));
      }
    }
    figures.add(Figure.millis("a scheduler's call, nobody reads", quiet));
    figures.add(
        Figure.millis("a scheduler's call while " + READERS + " poll /state", busy)
            .target("p99 as without readers")
            .beside(Figure.of("p99 while nobody reads", "ms", quiet.millis().p99())));
    figures.add(Figure.millis("what each of them waits for its answer", polls));
  }

  private static void call(QueueingFramework scheduler, int calls, Samples samples)
      throws Broken, InterruptedException {
    for (int i = 0; i < calls; i++) {
      long start = System.nanoTime();
      scheduler.call(
          Call.newBuilder()
              .setType(Call.Type.RECONCILE)
              .setReconcile(Call.Reconcile.getDefaultInstance()));
      samples.add(System.nanoTime() - start);
      Thread.sleep(CALL_EVERY_MILLIS);
    }
  }
}
