package io.perigee.cli.run;

import io.perigee.cli.ask.Cluster;
import io.perigee.cli.ask.CommandFailed;
import io.perigee.client.Reader;
import io.perigee.client.SchedulerClient;
import io.perigee.mesos.v1.CommandInfo;
import io.perigee.mesos.v1.Filters;
import io.perigee.mesos.v1.FrameworkID;
import io.perigee.mesos.v1.FrameworkInfo;
import io.perigee.mesos.v1.Offer;
import io.perigee.mesos.v1.OfferID;
import io.perigee.mesos.v1.Resource;
import io.perigee.mesos.v1.TaskID;
import io.perigee.mesos.v1.TaskInfo;
import io.perigee.mesos.v1.TaskState;
import io.perigee.mesos.v1.TaskStatus;
import io.perigee.mesos.v1.scheduler.Call;
import io.perigee.mesos.v1.scheduler.Event;
import io.perigee.model.TaskStates;
import io.perigee.protocol.wire.WireFormat;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A framework that runs one command some times and ends. Its state belongs to one thread. */
final class Run {
  private static final Duration UNTIL_FIRST_NOTICE = Duration.ofSeconds(3);
  private static final Duration BETWEEN_NOTICES = Duration.ofSeconds(30);
  private static final Duration TEARDOWN_TIME = Duration.ofSeconds(3);

  /** Each instance makes a handful of events, and they are taken from here at once. */
  private static final int MOST_EVENTS = 65_536;

  private final Cluster cluster;
  private final FrameworkInfo framework;
  private final CommandInfo command;
  private final Want want;
  private final PrintWriter notes;
  private final OutputStream out = new FileOutputStream(FileDescriptor.out);
  private final OutputStream err = new FileOutputStream(FileDescriptor.err);
  private final BlockingQueue<Happening> happenings = new ArrayBlockingQueue<>(MOST_EVENTS);
  private final Map<String, Instance> instances = new LinkedHashMap<>();
  private final Deque<Instance> toLaunch = new ArrayDeque<>();
  private final List<Thread> followers = new ArrayList<>();
  private final SchedulerClient client;
  private long nextNoticeNanos = System.nanoTime() + UNTIL_FIRST_NOTICE.toNanos();
  private volatile boolean isOver;
  private String lastOffer = "there was none";

  private sealed interface Happening {
    record Told(Event event) implements Happening {}

    record Ended(String why) implements Happening {}

    /** Nobody reads what the tasks print any more: {@code perigee run ... | head}. */
    record OutputClosed() implements Happening {}
  }

  private static final class Instance {
    private final String taskId;
    private @Nullable Offer offer;
    private boolean isFollowed;
    private volatile @Nullable TaskEnd end;

    private Instance(String taskId) {
      this.taskId = taskId;
    }
  }

  Run(
      Cluster cluster,
      FrameworkInfo framework,
      CommandInfo command,
      Want want,
      int count,
      PrintWriter notes) {
    this.cluster = cluster;
    this.framework = framework;
    this.command = command;
    this.want = want;
    this.notes = notes;
    // So that the tasks of two runs of a program can be told apart in logs and kill.
    String mark =
        Integer.toString(new SplittableRandom().nextInt(36 * 36 * 36, 36 * 36 * 36 * 36), 36);
    for (int i = 0; i < count; i++) {
      Instance instance = new Instance(framework.getName() + "-" + mark + "-" + i);
      instances.put(instance.taskId, instance);
      toLaunch.add(instance);
    }
    this.client =
        new SchedulerClient(
            cluster.http(),
            cluster.uri(),
            WireFormat.PROTOBUF,
            new SchedulerClient.Listener() {
              @Override
              public void onEvent(Event event) {
                happened(new Happening.Told(event));
              }

              @Override
              public void onEnd(String why) {
                happened(new Happening.Ended(why));
              }
            });
  }

  private void happened(Happening happening) {
    if (!happenings.offer(happening)) {
      client.close();
    }
  }

  /** Runs to the end and returns the exit code. */
  int go() throws CommandFailed {
    // Asked first since it explains itself better than a stream that never was.
    cluster.frameworks();
    Thread onSignal = new Thread(this::tearDown, "teardown");
    Runtime.getRuntime().addShutdownHook(onSignal);
    try {
      client.subscribe(framework);
      while (!allEnded()) {
        next();
      }
      for (Thread follower : followers) {
        follower.join();
      }
    } catch (InterruptedException e) {
      throw new CommandFailed("interrupted");
    } finally {
      tearDown();
      removeHook(onSignal);
    }
    return exitCode();
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException shuttingDown) {
      // Then it runs, and finds nothing left to do.
    }
  }

  private boolean allEnded() {
    return instances.values().stream().allMatch(instance -> instance.end != null);
  }

  private int exitCode() {
    for (Instance instance : instances.values()) {
      TaskEnd end = instance.end;
      if (end != null && end.exitCode() != 0) {
        return end.exitCode();
      }
    }
    return 0;
  }

  private void next() throws CommandFailed, InterruptedException {
    Happening happening = null;
    while (happening == null) {
      long patience = toLaunch.isEmpty() ? Long.MAX_VALUE : nextNoticeNanos - System.nanoTime();
      happening = happenings.poll(patience, TimeUnit.NANOSECONDS);
      if (happening == null) {
        note(
            "waiting for an offer with %s for %d more; the last one had: %s"
                .formatted(want, toLaunch.size(), lastOffer));
        nextNoticeNanos = System.nanoTime() + BETWEEN_NOTICES.toNanos();
      }
    }
    switch (happening) {
      case Happening.Told(Event event) -> hear(event);
      case Happening.Ended(String why) -> throw new CommandFailed("the run is over: " + why);
      case Happening.OutputClosed closed -> throw new CommandFailed("nobody reads the output");
    }
  }

  private void hear(Event event) throws CommandFailed {
    switch (event.getType()) {
      case OFFERS -> event.getOffers().getOffersList().forEach(this::answer);
      case UPDATE -> update(event.getUpdate().getStatus());
      case ERROR -> throw new CommandFailed("the master says: " + event.getError().getMessage());
      default -> {
        // SUBSCRIBED, HEARTBEAT, RESCIND: an offer is answered as soon as it comes.
      }
    }
  }

  private void answer(Offer offer) {
    List<List<Resource>> shares = want.sharesOf(offer, toLaunch.size());
    if (shares.isEmpty()) {
      lastOffer = want.found(offer);
      call(
          Call.newBuilder()
              .setType(Call.Type.DECLINE)
              .setDecline(Call.Decline.newBuilder().addOfferIds(offer.getId())));
      return;
    }
    Offer.Operation.Launch.Builder launch = Offer.Operation.Launch.newBuilder();
    for (List<Resource> share : shares) {
      Instance instance = toLaunch.remove();
      instance.offer = offer;
      launch.addTaskInfos(task(instance, offer, share));
    }
    call(accept(offer.getId(), launch));
    if (toLaunch.isEmpty()) {
      call(Call.newBuilder().setType(Call.Type.SUPPRESS));
    }
  }

  private TaskInfo task(Instance instance, Offer offer, List<Resource> share) {
    return TaskInfo.newBuilder()
        .setName(instance.taskId)
        .setTaskId(TaskID.newBuilder().setValue(instance.taskId))
        .setAgentId(offer.getAgentId())
        .addAllResources(share)
        .setCommand(command)
        .build();
  }

  private static Call.Builder accept(OfferID offer, Offer.Operation.Launch.Builder launch) {
    return Call.newBuilder()
        .setType(Call.Type.ACCEPT)
        .setAccept(
            Call.Accept.newBuilder()
                .addOfferIds(offer)
                .setFilters(Filters.newBuilder().setRefuseSeconds(0))
                .addOperations(
                    Offer.Operation.newBuilder()
                        .setType(Offer.Operation.Type.LAUNCH)
                        .setLaunch(launch)));
  }

  private void update(TaskStatus status) {
    if (status.hasUuid()) {
      call(
          Call.newBuilder()
              .setType(Call.Type.ACKNOWLEDGE)
              .setAcknowledge(
                  Call.Acknowledge.newBuilder()
                      .setAgentId(status.getAgentId())
                      .setTaskId(status.getTaskId())
                      .setUuid(status.getUuid())));
    }
    Instance instance = instances.get(status.getTaskId().getValue());
    if (instance == null || instance.end != null) {
      return;
    }
    if (status.getState() == TaskState.TASK_RUNNING) {
      follow(instance);
    } else if (status.getState() == TaskState.TASK_UNREACHABLE) {
      note(instance.taskId + ": its agent is unreachable; waiting for it to come back");
    } else if (TaskStates.isTerminal(status.getState())) {
      TaskEnd end = TaskEnd.of(status);
      instance.end = end;
      if (!end.isExit() || (end.exitCode() != 0 && instances.size() > 1)) {
        note(instance.taskId + ": " + end.text());
      }
    }
  }

  private void follow(Instance instance) {
    Offer offer = instance.offer;
    if (instance.isFollowed || offer == null) {
      return;
    }
    instance.isFollowed = true;
    Reader agent =
        cluster.agent(
            offer.getUrl().getAddress().getHostname(), offer.getUrl().getAddress().getPort());
    followers.add(Thread.startVirtualThread(() -> follow(instance, agent, "stdout", out)));
    followers.add(Thread.startVirtualThread(() -> follow(instance, agent, "stderr", err)));
  }

  private void follow(Instance instance, Reader agent, String name, OutputStream to) {
    TaskFile file = new TaskFile(agent, frameworkId(), instance.taskId, name);
    LineOutput output = new LineOutput(to, instances.size() == 1);
    try {
      Follower.follow(file, output, () -> instance.end != null);
    } catch (LineOutput.Closed closed) {
      happened(new Happening.OutputClosed());
    } catch (IOException unreadable) {
      if (!isOver) {
        note(instance.taskId + ": " + name + " cannot be read: " + unreadable.getMessage());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String frameworkId() {
    FrameworkID id = client.frameworkId();
    return id == null ? "" : id.getValue();
  }

  private void call(Call.Builder call) {
    var _ =
        client
            .call(call)
            .whenComplete((response, failure) -> {
              if (failure != null) {
                happened(new Happening.Ended(String.valueOf(failure.getMessage())));
              } else if (response.status() >= 400) {
                happened(
                    new Happening.Ended(
                        "the master answered " + response.status() + ": " + response.text()));
              }
            });
  }

  private void note(String text) {
    synchronized (err) {
      notes.println("perigee run: " + text);
      notes.flush();
    }
  }

  /** Ends the framework, and with it all that still runs. Once; on a signal too. */
  private synchronized void tearDown() {
    if (isOver) {
      return;
    }
    isOver = true;
    if (!frameworkId().isEmpty()) {
      try {
        client
            .call(Call.newBuilder().setType(Call.Type.TEARDOWN))
            .get(TEARDOWN_TIME.toMillis(), TimeUnit.MILLISECONDS);
      } catch (ExecutionException | TimeoutException gone) {
        // Without its stream the master ends the framework by itself: it has no failover timeout.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    client.close();
  }
}
