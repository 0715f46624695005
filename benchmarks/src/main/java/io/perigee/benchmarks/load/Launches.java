package io.perigee.benchmarks.load;

import io.perigee.benchmarks.Benchmark;
import io.perigee.benchmarks.Broken;
import io.perigee.benchmarks.Setup;
import io.perigee.benchmarks.framework.Http;
import io.perigee.benchmarks.measure.Figure;
import io.perigee.benchmarks.process.ChildJvm;
import io.perigee.benchmarks.process.DaemonMain;
import io.perigee.benchmarks.process.JvmFlags;
import io.perigee.benchmarks.process.ProcessFacts;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Whole lives of tasks through one master, each with two updates that are acknowledged. */
public final class Launches implements Benchmark {
  private static final int FRAMEWORKS = 4;
  private static final int AGENTS = 200;
  private static final int TASKS_PER_AGENT = 50;
  private static final int WARM_UP = 200_000;
  private static final int TASKS = 200_000;
  private static final int ROUNDS = 3;
  private static final int ECHO_FRAMES = 500_000;
  private static final String ECHO = "frames there and back over one link";
  private static final long PATIENCE_SECONDS = 60;

  @Override
  public String name() {
    return "launches";
  }

  @Override
  public String summary() {
    return "tasks through one master process, "
        + AGENTS
        + " emulated agents, "
        + FRAMEWORKS
        + " frameworks over HTTP";
  }

  @Override
  public List<Figure> run(Setup setup) throws IOException, InterruptedException {
    List<Figure> figures = new ArrayList<>();
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
      round(http, uri, "w", setup.count(WARM_UP, 10), failures);
      for (int i = 1; i <= setup.count(ROUNDS, 1); i++) {
        int tasks = setup.count(TASKS, 200);
        ProcessFacts facts = new ProcessFacts(master.pid());
        double before = facts.cpuSeconds();
        double seconds = round(http, uri, "r" + i, tasks, failures);
        double cpuMicros = (facts.cpuSeconds() - before) * 1e6 / tasks;
        Figure yardstick = Figure.of(ECHO, "/s", LinkEcho.rate(setup.count(ECHO_FRAMES, 1000)));
        figures.add(
            Figure.of("round " + i, "tasks/s", tasks / seconds)
                .target(">= 20,000 tasks/s")
                .beside(yardstick));
        figures.add(
            Figure.of("round " + i + ": CPU of the master", "us/task", cpuMicros)
                .beside(yardstick));
      }
    }
    return figures;
  }

  /** Seconds that it took. */
  private static double round(Http http, URI master, String name, int tasks, Failures failures)
      throws IOException, InterruptedException {
    AtomicLong toLaunch = new AtomicLong(tasks);
    List<LaunchingFramework> frameworks = new ArrayList<>();
    for (int i = 0; i < FRAMEWORKS; i++) {
      frameworks.add(
          new LaunchingFramework(http.client(), master, name + i, 1, 32, toLaunch, failures));
    }
    long start = System.nanoTime();
    frameworks.forEach(LaunchingFramework::subscribe);
    while (frameworks.stream().mapToInt(LaunchingFramework::finished).sum() < tasks) {
      failures.check();
      if (System.nanoTime() - start > PATIENCE_SECONDS * 1_000_000_000L) {
        throw new Broken("not all tasks ended within " + PATIENCE_SECONDS + " s");
      }
      Thread.sleep(1);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    for (LaunchingFramework framework : frameworks) {
      framework.close();
    }
    failures.check();
    return seconds;
  }
}
