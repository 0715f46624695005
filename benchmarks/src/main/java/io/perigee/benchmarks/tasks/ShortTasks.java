package io.perigee.benchmarks.tasks;

import io.perigee.benchmarks.Benchmark;
import io.perigee.benchmarks.Broken;
import io.perigee.benchmarks.Setup;
import io.perigee.benchmarks.framework.Http;
import io.perigee.benchmarks.framework.Messages;
import io.perigee.benchmarks.framework.QueueingFramework;
import io.perigee.benchmarks.measure.Figure;
import io.perigee.mesos.v1.Offer;
import io.perigee.mesos.v1.TaskInfo;
import io.perigee.mesos.v1.TaskStatus;
import io.perigee.mesos.v1.scheduler.Event;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** As many tasks that end at once as one agent can start, some at a time. */
public final class ShortTasks implements Benchmark {
  private static final int AT_A_TIME = 32;
  private static final int WARM_UP = 1000;
  private static final int TASKS = 4000;
  private static final int ROUNDS = 3;
  private static final double CPUS = 0.1;
  private static final double MEM = 32;
  private static final String SHELL = "exit 0";

  @Override
  public String name() {
    return "short-tasks";
  }

  @Override
  public String summary() {
    return "real tasks that end at once, on one agent, up to " + AT_A_TIME + " at a time";
  }

  @Override
  public List<Figure> run(Setup setup) throws IOException, InterruptedException {
    int threads = Runtime.getRuntime().availableProcessors();
    List<Figure> figures = new ArrayList<>();
    String resources = "cpus:" + AT_A_TIME * CPUS + ";mem:" + AT_A_TIME * MEM;
    try (OneAgent agent = OneAgent.start(setup, resources);
        Http http = new Http();
        QueueingFramework framework = new QueueingFramework(http.client(), agent.uri(), name())) {
      Run run = new Run(framework);
      run.rate(setup.count(WARM_UP, 1));
      for (int round = 1; round <= setup.count(ROUNDS, 1); round++) {
        double tasks = run.rate(setup.count(TASKS, 20));
        double spawned = Spawn.rate(SHELL, setup.count(TASKS, 20), threads);
        figures.add(
            Figure.of("round " + round, "tasks/s", tasks)
                .target(">= 200 tasks/s")
                .beside(
                    Figure.of("spawn and wait for sh in " + threads + " loops", "/s", spawned)));
      }
    }
    return figures;
  }

  /** What is running; offers that nothing was wanted of stay open for the next round. */
  private static final class Run {
    private final QueueingFramework framework;
    private final List<Offer> open = new ArrayList<>();
    private int launched;

    private Run(QueueingFramework framework) {
      this.framework = framework;
    }

    /** Tasks a second, from the first launch to the last TASK_FINISHED. */
    private double rate(int tasks) throws Broken, InterruptedException {
      long start = System.nanoTime();
      int toLaunch = tasks;
      int finished = 0;
      while (finished < tasks) {
        while (toLaunch > 0 && !open.isEmpty()) {
          toLaunch -= launch(open.removeLast(), toLaunch);
        }
        Event event = framework.await(e -> e.hasOffers() || e.hasUpdate()).event();
        open.addAll(event.getOffers().getOffersList());
        if (event.hasUpdate()) {
          finished += isFinished(event.getUpdate().getStatus()) ? 1 : 0;
        }
      }
      return tasks * 1e9 / (System.nanoTime() - start);
    }

    private int launch(Offer offer, int most) {
      List<TaskInfo> tasks = new ArrayList<>();
      int room = Math.min(most, Messages.room(offer, CPUS, MEM));
      for (int i = 0; i < room; i++) {
        tasks.add(
            Messages.task(offer, "t" + launched++, Messages.cpusAndMem("*", CPUS, MEM), SHELL));
      }
      framework.send(tasks.isEmpty() ? Messages.decline(offer, 0) : Messages.accept(offer, tasks));
      return tasks.size();
    }

    private boolean isFinished(TaskStatus status) throws Broken {
      framework.send(Messages.acknowledge(status));
      return switch (status.getState()) {
        case TASK_STARTING, TASK_RUNNING -> false;
        case TASK_FINISHED -> true;
        default ->
            throw new Broken(
                status.getTaskId().getValue()
                    + " went to "
                    + status.getState()
                    + ": "
                    + status.getMessage());
      };
    }
  }
}
