package io.perigee.benchmarks.framework;

import io.perigee.benchmarks.Broken;
import io.perigee.client.SchedulerClient;
import io.perigee.mesos.v1.TaskState;
import io.perigee.mesos.v1.TaskStatus;
import io.perigee.mesos.v1.scheduler.Call;
import io.perigee.mesos.v1.scheduler.Event;
import io.perigee.net.client.ClientResponse;
import io.perigee.net.client.HttpClient;
import io.perigee.protocol.wire.WireFormat;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A framework whose events wait in a queue, with the time at which each came. For one thread. */
public final class QueueingFramework implements AutoCloseable {
  /** More events than this waiting end the run: its thread is stuck. */
  private static final int MOST_EVENTS = 100_000;

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final SchedulerClient client;
  private final BlockingQueue<Arrived> events = new LinkedBlockingQueue<>(MOST_EVENTS);
  private volatile @Nullable String failure;

  /**
   * An event.
   *
   * @param nanos when it came, by {@link System#nanoTime}
   */
  public record Arrived(Event event, long nanos) {}

  /** Subscribes and waits until that is done. */
  public QueueingFramework(HttpClient http, URI master, String name)
      throws Broken, InterruptedException {
    this.client = new SchedulerClient(http, master, WireFormat.PROTOBUF, new Listener());
    client.subscribe(Messages.framework(name, "*"));
    await(Event::hasSubscribed);
  }

  private final class Listener implements SchedulerClient.Listener {
    @Override
    public void onEvent(Event event) {
      if (!events.offer(new Arrived(event, System.nanoTime()))) {
        failure = "too many events wait";
      }
    }

    @Override
    public void onEnd(String why) {
      failure = why;
    }
  }

  /** The next event of a kind; those before it are dropped. */
  public Arrived await(Predicate<Event> wanted) throws Broken, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      Arrived next = events.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      String broken = failure;
      if (broken != null) {
        throw new Broken("the master lost the framework: " + broken);
      }
      if (next == null) {
        throw new Broken("the event waited for did not come within " + PATIENCE);
      }
      if (wanted.test(next.event())) {
        return next;
      }
    }
  }

  /** The next update that is not TASK_STARTING, which is acknowledged; it must be of a state. */
  public Arrived awaitUpdate(TaskState state) throws Broken, InterruptedException {
    while (true) {
      Arrived update = await(Event::hasUpdate);
      TaskStatus status = update.event().getUpdate().getStatus();
      if (status.getState() == state) {
        return update;
      }
      if (status.getState() != TaskState.TASK_STARTING) {
        throw new Broken(
            "a task went to "
                + status.getState()
                + " (expected: "
                + state
                + "): "
                + status.getMessage());
      }
      send(Messages.acknowledge(status));
    }
  }

  /** Sends a call, waits for nothing. A refusal fails the next wait for an event. */
  public void send(Call.Builder call) {
    Call.Type type = call.getType();
    var _ =
        client
            .call(call)
            .whenComplete((response, problem) -> {
              if (problem != null) {
                failure = type + ": " + problem.getMessage();
              } else if (response.status() != 202) {
                failure = type + ": " + response.status() + " " + response.text();
              }
            });
  }

  /** Sends a call and waits for its answer. */
  public void call(Call.Builder call) throws Broken, InterruptedException {
    try {
      ClientResponse response = client.call(call).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      if (response.status() != 202) {
        throw new Broken(call.getType() + ": " + response.status() + " " + response.text());
      }
    } catch (ExecutionException | TimeoutException e) {
      throw new Broken(call.getType() + ": " + e);
    }
  }

  /** Ends the framework and its tasks. */
  @Override
  public void close() {
    if (failure == null) {
      client.call(Messages.teardown()).completeOnTimeout(null, 2, TimeUnit.SECONDS).join();
    }
    client.close();
  }
}
