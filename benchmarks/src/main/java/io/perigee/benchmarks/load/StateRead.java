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
import io.perigee.mesos.v1.scheduler.Call;
import io.perigee.net.client.ClientRequest;
import io.perigee.net.client.ClientResponse;
import io.perigee.net.client.HttpClient;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** The whole state read from a master with many tasks, and what a scheduler feels of that. */
public final class StateRead implements Benchmark {
  private static final int AGENTS = 1000;
  private static final int TASKS_PER_AGENT = 100;
  private static final int WARM_UP = 20;
  private static final int READS = 30;
  private static final int READERS = 4;
  private static final int CALLS = 2000;
  private static final long CALL_EVERY_MILLIS = 4;
  private static final long PATIENCE_SECONDS = 60;

  @Override
  public String name() {
    return "state-read";
  }

  @Override
  public String summary() {
    return "/state of a master with 100,000 tasks, alone and beside a scheduler's calls";
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
        return measure(http.client(), uri, setup);
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

  private static List<Figure> measure(HttpClient http, URI master, Setup setup)
      throws IOException, InterruptedException {
    ClientRequest state = ClientRequest.get(master.resolve("/state"));
    Samples reads = new Samples();
    Samples copies = new Samples();
    read(http, state, setup.count(WARM_UP, 1), new Samples(), new Samples());
    int bytes = read(http, state, setup.count(READS, 2), reads, copies);
    Samples quiet = new Samples();
    Samples busy = new Samples();
    try (QueueingFramework scheduler = new QueueingFramework(http, master, "caller")) {
      int calls = setup.count(CALLS, 10);
      call(scheduler, calls / 2, new Samples());
      call(scheduler, calls, quiet);
      AtomicBoolean isOver = new AtomicBoolean();
      List<Thread> readers = new ArrayList<>();
      for (int i = 0; i < READERS; i++) {
        readers.add(Thread.startVirtualThread(() -> poll(http, state, isOver)));
      }
      call(scheduler, calls, busy);
      isOver.set(true);
      for (Thread reader : readers) {
        reader.join();
      }
    }
    Figure alone = Figure.millis("a scheduler's call, nobody reads", quiet);
    return List.of(
        Figure.millis("GET /state, %.1f MB".formatted(bytes / 1e6), reads)
            .target("<= 500 ms")
            .beside(Figure.millis("copy as many bytes", copies)),
        alone,
        Figure.millis("a scheduler's call while " + READERS + " read /state", busy)
            .target("p99 as without readers")
            .beside(Figure.of("p99 while nobody reads", "ms", quiet.millis().p99())));
  }

  /** Returns the size of an answer. */
  private static int read(
      HttpClient http, ClientRequest state, int times, Samples reads, Samples copies)
      throws IOException, InterruptedException {
    int bytes = 0;
    for (int i = 0; i < times; i++) {
      long start = System.nanoTime();
      byte[] body = get(http, state).body();
      long read = System.nanoTime();
      bytes = body.clone().length;
      reads.add(read - start);
      copies.add(System.nanoTime() - read);
    }
    return bytes;
  }

  private static ClientResponse get(HttpClient http, ClientRequest request)
      throws IOException, InterruptedException {
    try {
      ClientResponse response = http.send(request).get();
      if (response.status() != 200) {
        throw new Broken(request + ": " + response.status());
      }
      return response;
    } catch (ExecutionException e) {
      throw new Broken(String.valueOf(e.getCause()));
    }
  }

  private static void poll(HttpClient http, ClientRequest state, AtomicBoolean isOver) {
    try {
      while (!isOver.get()) {
        get(http, state);
      }
    } catch (IOException | InterruptedException stopped) {
      isOver.set(true);
    }
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
