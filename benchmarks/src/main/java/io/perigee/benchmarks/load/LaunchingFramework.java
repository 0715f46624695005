package io.perigee.benchmarks.load;

import io.perigee.benchmarks.framework.Messages;
import io.perigee.client.SchedulerClient;
import io.perigee.mesos.v1.FrameworkID;
import io.perigee.mesos.v1.Offer;
import io.perigee.mesos.v1.TaskInfo;
import io.perigee.mesos.v1.TaskState;
import io.perigee.mesos.v1.TaskStatus;
import io.perigee.mesos.v1.scheduler.Call;
import io.perigee.mesos.v1.scheduler.Event;
import io.perigee.net.client.HttpClient;
import io.perigee.protocol.wire.WireFormat;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Takes every offer for as many tasks as there is room, until it has launched all it is to launch,
 * and acknowledges every update. Lives on its stream's event loop.
 */
final class LaunchingFramework implements SchedulerClient.Listener, AutoCloseable {
  private final String name;
  private final double cpus;
  private final double mem;
  private final AtomicLong toLaunch;
  private final Failures failures;
  private final SchedulerClient client;
  private final CallPipeline calls;
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger finished = new AtomicInteger();
  private volatile boolean isClosing;
  private int launched;

  /**
   * @param name of it and of its role
   * @param cpus of each task
   * @param mem of each task, in MB
   * @param toLaunch tasks that it and others have left to launch
   */
  LaunchingFramework(
      HttpClient http,
      URI master,
      String name,
      double cpus,
      double mem,
      AtomicLong toLaunch,
      Failures failures) {
    this.name = name;
    this.cpus = cpus;
    this.mem = mem;
    this.toLaunch = toLaunch;
    this.failures = failures;
    this.client = new SchedulerClient(http, master, WireFormat.PROTOBUF, this);
    this.calls = new CallPipeline(master, this::fail);
  }

  void subscribe() {
    client.subscribe(Messages.framework(name, name));
  }

  /** Tasks of which TASK_RUNNING came. */
  int running() {
    return running.get();
  }

  /** Tasks of which TASK_FINISHED came. */
  int finished() {
    return finished.get();
  }

  @Override
  public void onEvent(Event event) {
    if (isClosing) {
      return;
    }
    String streamId = client.streamId();
    if (event.hasSubscribed() && streamId != null) {
      calls.start(streamId);
    }
    event.getOffers().getOffersList().forEach(this::launch);
    if (event.hasUpdate()) {
      count(event.getUpdate().getStatus());
    }
    if (event.hasError()) {
      fail(event.getError().getMessage());
    }
  }

  private void launch(Offer offer) {
    int room = Messages.room(offer, cpus, mem);
    long before = toLaunch.getAndUpdate(left -> left - Math.min(left, room));
    int tasks = (int) Math.min(before, room);
    List<TaskInfo> infos = new ArrayList<>(tasks);
    for (int i = 0; i < tasks; i++) {
      infos.add(
          Messages.task(
              offer, name + "-" + launched++, Messages.cpusAndMem(name, cpus, mem), "exit 0"));
    }
    send(tasks == 0 ? Messages.decline(offer, 3600) : Messages.accept(offer, infos));
  }

  private void count(TaskStatus status) {
    if (status.getState() == TaskState.TASK_RUNNING) {
      running.incrementAndGet();
    } else if (status.getState() == TaskState.TASK_FINISHED) {
      finished.incrementAndGet();
    } else {
      failures.add(
          status.getTaskId().getValue()
              + " went to "
              + status.getState()
              + ": "
              + status.getMessage());
    }
    send(Messages.acknowledge(status));
  }

  private void send(Call.Builder call) {
    FrameworkID id = client.frameworkId();
    if (id != null) {
      calls.send(call.setFrameworkId(id).build());
    }
  }

  private void fail(String what) {
    if (!isClosing) {
      failures.add(name + ": " + what);
    }
  }

  @Override
  public void onEnd(String why) {
    fail(why);
  }

  /** Ends the framework; what becomes of its last calls does not matter any more. */
  @Override
  public void close() throws IOException {
    isClosing = true;
    client.call(Messages.teardown()).completeOnTimeout(null, 5, TimeUnit.SECONDS).join();
    client.close();
    calls.close();
  }
}
