package io.perigee.benchmarks.tasks;

import io.perigee.benchmarks.Benchmark;
import io.perigee.benchmarks.Setup;
import io.perigee.benchmarks.framework.Http;
import io.perigee.benchmarks.framework.Messages;
import io.perigee.benchmarks.framework.QueueingFramework;
import io.perigee.benchmarks.framework.QueueingFramework.Arrived;
import io.perigee.benchmarks.measure.Figure;
import io.perigee.benchmarks.measure.Samples;
import io.perigee.mesos.v1.Offer;
import io.perigee.mesos.v1.TaskState;
import io.perigee.mesos.v1.scheduler.Event;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;

/**
 * One task after the other, each with the agent to itself. A task reads a line from a pipe and then
 * ends, so that it is known when it was told to.
 */
public final class TaskLife implements Benchmark {
  private static final int WARM_UP = 200;
  private static final int TASKS = 500;

  /** Until the acknowledgement of TASK_RUNNING is with the agent: TASK_FINISHED waits for it. */
  private static final long SETTLE_MILLIS = 3;

  private record Stations(Samples running, Samples finished, Samples offered, Samples spawn) {
    private Stations() {
      this(new Samples(), new Samples(), new Samples(), new Samples());
    }
  }

  @Override
  public String name() {
    return "task-life";
  }

  @Override
  public String summary() {
    return "stations of real tasks, one task at a time, seen by a framework over HTTP";
  }

  @Override
  public List<Figure> run(Setup setup) throws IOException, InterruptedException {
    Path pipe = setup.workDir().resolve("pipe");
    Spawn.once("mkfifo " + pipe);
    Stations stations = new Stations();
    try (OneAgent agent = OneAgent.start(setup, "cpus:2;mem:1024");
        Http http = new Http();
        QueueingFramework framework = new QueueingFramework(http.client(), agent.uri(), name());
        RandomAccessFile end = new RandomAccessFile(pipe.toFile(), "rw")) {
      String shell = "read line < " + pipe;
      Offer offer = firstOffer(framework.await(Event::hasOffers));
      offer = live(framework, offer, shell, end, setup.count(WARM_UP, 1), new Stations());
      live(framework, offer, shell, end, setup.count(TASKS, 3), stations);
    }
    Figure yardstick = Figure.millis("spawn and wait for sh, between the tasks", stations.spawn());
    return List.of(
        Figure.millis("ACCEPT to TASK_RUNNING", stations.running())
            .target("<= 10 ms")
            .beside(yardstick),
        Figure.millis("told to end to TASK_FINISHED", stations.finished()).beside(yardstick),
        Figure.millis("TASK_FINISHED to offer of it all", stations.offered())
            .target("<= 5 ms")
            .beside(yardstick),
        yardstick);
  }

  /** Returns the offer that followed the last task. */
  private static Offer live(
      QueueingFramework framework,
      Offer first,
      String shell,
      RandomAccessFile end,
      int tasks,
      Stations stations)
      throws IOException, InterruptedException {
    Offer offer = first;
    for (int i = 0; i < tasks; i++) {
      String id = offer.getId().getValue();
      long accept = System.nanoTime();
      framework.send(
          Messages.accept(
              offer, List.of(Messages.task(offer, id, offer.getResourcesList(), shell))));
      Arrived running = framework.awaitUpdate(TaskState.TASK_RUNNING);
      framework.call(Messages.acknowledge(running.event().getUpdate().getStatus()));
      Thread.sleep(SETTLE_MILLIS);
      long told = System.nanoTime();
      end.write('\n');
      Arrived finished = framework.awaitUpdate(TaskState.TASK_FINISHED);
      framework.send(Messages.acknowledge(finished.event().getUpdate().getStatus()));
      Arrived offered = framework.await(Event::hasOffers);
      stations.running().add(running.nanos() - accept);
      stations.finished().add(finished.nanos() - told);
      stations.offered().add(offered.nanos() - finished.nanos());
      Spawn.once("exit 0", stations.spawn());
      offer = firstOffer(offered);
    }
    return offer;
  }

  private static Offer firstOffer(Arrived offers) {
    return offers.event().getOffers().getOffers(0);
  }
}
