package io.perigee.simulator;

import com.google.protobuf.ByteString;
import io.perigee.master.core.SchedulerNotice;
import io.perigee.master.core.cluster.Offer;
import io.perigee.mesos.v1.AgentID;
import io.perigee.mesos.v1.CommandInfo;
import io.perigee.mesos.v1.ExecutorInfo;
import io.perigee.mesos.v1.FrameworkID;
import io.perigee.mesos.v1.FrameworkInfo;
import io.perigee.mesos.v1.FrameworkInfo.Capability;
import io.perigee.mesos.v1.Offer.Operation;
import io.perigee.mesos.v1.OfferID;
import io.perigee.mesos.v1.TaskID;
import io.perigee.mesos.v1.TaskInfo;
import io.perigee.mesos.v1.TaskStatus;
import io.perigee.mesos.v1.scheduler.Call;
import io.perigee.model.Resource;
import io.perigee.model.ResourceWire;
import io.perigee.model.Resources;
import io.perigee.testkit.FaultyNetwork;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A framework that launches, kills, refuses, lies, crashes and comes back, as its dice fall. */
final class SimFramework {
  private static final int MOST_TASKS_AT_ONCE = 60;

  /** Longer than any message takes: by then a launch has arrived or was lost. */
  private static final long LAUNCH_ARRIVED_NANOS = 8_000_000_000L;

  private final World world;
  private final SimMaster master;
  private final String name;
  private final FrameworkInfo.Builder info;
  private final boolean isPartitionAware;
  private final Map<String, TaskTrack> tasks = new LinkedHashMap<>();
  private final ExecutorTracks executors = new ExecutorTracks();

  private long stream;
  private FaultyNetwork.@Nullable Connection connection;
  private boolean isSubscribed;
  private int incarnation = 1;
  private int nextTask;

  SimFramework(World world, SimMaster master, int number) {
    this.world = world;
    this.master = master;
    this.name = "fw" + number;
    this.isPartitionAware = world.random.chance(0.7);
    this.info =
        FrameworkInfo.newBuilder()
            .setUser("nobody")
            .setName(name)
            .setCheckpoint(world.random.chance(0.6))
            .setFailoverTimeout(world.random.chance(0.8) ? 10 + world.random.nextInt(20) : 0)
            .addRoles("role" + number % 3)
            .addCapabilities(capability(Capability.Type.MULTI_ROLE));
    if (isPartitionAware) {
      info.addCapabilities(capability(Capability.Type.PARTITION_AWARE));
    }
    if (world.random.chance(0.5)) {
      info.addCapabilities(capability(Capability.Type.TASK_KILLING_STATE));
    }
  }

  private static Capability.Builder capability(Capability.Type type) {
    return Capability.newBuilder().setType(type);
  }

  void start() {
    subscribe();
    world.time.afterNanos(world.between(0.2, 2), this::actNow);
    world.time.afterNanos(world.between(4, 6), this::reconcileNow);
  }

  // Connecting.

  private void subscribe() {
    FaultyNetwork.Connection newConnection = world.network.connect();
    long newStream = world.newNumber();
    connection = newConnection;
    stream = newStream;
    isSubscribed = false;
    Call.Builder call =
        Call.newBuilder()
            .setType(Call.Type.SUBSCRIBE)
            .setSubscribe(Call.Subscribe.newBuilder().setFrameworkInfo(info));
    if (info.hasId()) {
      call.setFrameworkId(info.getId());
    }
    newConnection.send(0, () -> master.subscribe(newStream, newConnection, this, call.build()));
  }

  private void crash() {
    world.network.count("framework crash");
    dropStream();
    world.time.afterNanos(world.between(0.1, 12), this::subscribe);
  }

  private void dropStream() {
    FaultyNetwork.Connection lost = connection;
    long lostStream = stream;
    connection = null;
    isSubscribed = false;
    if (lost != null) {
      lost.breakNow();
      lost.tellLater(() -> master.streamGone(lostStream));
    }
  }

  /** The master ended the stream. */
  void streamGone(long goneStream) {
    if (goneStream == stream && connection != null) {
      connection = null;
      isSubscribed = false;
      world.time.afterNanos(world.between(0.1, 1), this::subscribe);
    }
  }

  /** The master does not know it any more: all its tasks are over, and it begins anew. */
  private void beginAnew() {
    tasks.clear();
    executors.clear();
    incarnation++;
    info.clearId();
  }

  // Hearing.

  void hear(long fromStream, SchedulerNotice notice) {
    if (fromStream != stream || connection == null) {
      return;
    }
    switch (notice) {
      case SchedulerNotice.Subscribed subscribed -> {
        isSubscribed = true;
        info.setId(FrameworkID.newBuilder().setValue(subscribed.frameworkId()));
      }
      case SchedulerNotice.Offers offers -> {
        for (SchedulerNotice.OfferOfAgent offer : offers.offers()) {
          check(executors.offered(offer.offer().agentId(), offer.executorIds()));
          considerLater(offer);
        }
      }
      case SchedulerNotice.Update update -> hear(update.status());
      case SchedulerNotice.FatalError error -> {
        if (error.message().equals("Framework has been removed")) {
          beginAnew();
        }
      }
      case SchedulerNotice.Rescind rescind -> {}
      case SchedulerNotice.UpdateOperation operation -> {}
      case SchedulerNotice.ExecutorMessage message -> {
        world.network.count("message of an executor");
        if (!executors.isKnown(message.agentId(), message.executorId())) {
          check(Optional.of("a message of " + message.executorId() + " came from nowhere"));
        }
      }
      case SchedulerNotice.Failure failure -> {
        if (failure.executorId() != null) {
          world.network.count("end of an executor");
          check(executors.ended(failure.agentId(), failure.executorId()));
        }
      }
    }
  }

  private void check(Optional<String> problem) {
    if (problem.isPresent()) {
      throw world.broken(name + ": " + problem.get());
    }
  }

  private void hear(TaskStatus status) {
    String taskId = status.getTaskId().getValue();
    TaskTrack task = tasks.get(taskId);
    if (task == null) {
      boolean isForeign = !taskId.startsWith(name + "." + incarnation + ".");
      if (isForeign || taskId.endsWith("lie")) {
        return; // Of an earlier life, or never meant to run.
      }
      throw world.broken(name + " heard of " + taskId + ", which it never launched");
    }
    boolean wasOver = task.isOver();
    Optional<String> problem = task.hear(status, isPartitionAware);
    if (problem.isPresent()) {
      throw world.broken(
          name
              + " and "
              + taskId
              + ": "
              + problem.get()
              + ": "
              + status.toString().replace('\n', ' '));
    }
    if (task.isOver() && !wasOver) {
      world.ended(status.getState().name());
    }
    if (status.hasUuid() && !status.getUuid().isEmpty()) {
      callOften(
          call(Call.Type.ACKNOWLEDGE)
              .setAcknowledge(
                  Call.Acknowledge.newBuilder()
                      .setAgentId(status.getAgentId())
                      .setTaskId(status.getTaskId())
                      .setUuid(status.getUuid())));
    }
  }

  // Deciding.

  private void considerLater(SchedulerNotice.OfferOfAgent offer) {
    world.time.afterNanos(
        world.random.chance(0.1) ? world.between(0, 12) : world.between(0, 0.05),
        () -> consider(offer));
  }

  private void consider(SchedulerNotice.OfferOfAgent offered) {
    if (!isSubscribed) {
      return;
    }
    Offer offer = offered.offer();
    boolean launches =
        world.network.isFaulty()
            && world.random.chance(0.6)
            && tasks.values().stream().filter(t -> !t.isOver()).count() < MOST_TASKS_AT_ONCE;
    if (!launches) {
      Call.Decline.Builder decline =
          Call.Decline.newBuilder().addOfferIds(OfferID.newBuilder().setValue(offer.id()));
      decline
          .getFiltersBuilder()
          .setRefuseSeconds(world.network.isFaulty() ? world.random.nextInt(8) : 1000);
      callOften(call(Call.Type.DECLINE).setDecline(decline));
      return;
    }
    Call.Accept.Builder accept =
        Call.Accept.newBuilder().addOfferIds(OfferID.newBuilder().setValue(offer.id()));
    accept.getFiltersBuilder().setRefuseSeconds(world.random.nextInt(4));
    accept.addOperations(
        switch (world.random.nextInt(8)) {
          case 0 -> launchGroup(offered, ExecutorInfo.Type.DEFAULT);
          case 1 -> launchGroup(offered, ExecutorInfo.Type.CUSTOM);
          case 2, 3 -> launch(offered, executor(ExecutorInfo.Type.CUSTOM));
          default -> launch(offered, null);
        });
    callOnce(call(Call.Type.ACCEPT).setAccept(accept));
  }

  /** One of the few that it uses over and over, on whatever agent. */
  private ExecutorInfo executor(ExecutorInfo.Type type) {
    return ExecutorTracks.info(
        name + "." + incarnation + "." + type + world.random.nextInt(3), type, info.getId());
  }

  /** Launches some tasks, each with a command, or all with one executor. */
  private Operation launch(SchedulerNotice.OfferOfAgent offered, @Nullable ExecutorInfo executor) {
    Operation.Launch.Builder launch = Operation.Launch.newBuilder();
    for (TaskInfo task : tasks(offered, executor)) {
      launch.addTaskInfos(
          executor == null ? task : task.toBuilder().clearCommand().setExecutor(executor).build());
    }
    if (world.random.chance(0.05)) {
      addLie(offered.offer(), launch);
    }
    return Operation.newBuilder().setType(Operation.Type.LAUNCH).setLaunch(launch).build();
  }

  private Operation launchGroup(SchedulerNotice.OfferOfAgent offered, ExecutorInfo.Type type) {
    ExecutorInfo executor = executor(type);
    Operation.LaunchGroup.Builder launch = Operation.LaunchGroup.newBuilder().setExecutor(executor);
    launch.getTaskGroupBuilder().addAllTasks(tasks(offered, executor));
    if (world.random.chance(0.05)) {
      world.network.count("lie"); // None of the group is launched.
      launch
          .getTaskGroupBuilder()
          .addTasks(
              task(
                  newTaskId() + "lie",
                  offered.offer(),
                  Resources.of(Resource.scalar("cpus", 1_000_000))));
    }
    return Operation.newBuilder()
        .setType(Operation.Type.LAUNCH_GROUP)
        .setLaunchGroup(launch)
        .build();
  }

  /** New tasks that fit into an offer beside the executor; none if it is too small for that. */
  private List<TaskInfo> tasks(
      SchedulerNotice.OfferOfAgent offered, @Nullable ExecutorInfo executor) {
    Offer offer = offered.offer();
    boolean begins =
        executor != null && !offered.executorIds().contains(executor.getExecutorId().getValue());
    Resources left = begins ? offer.resources().tryMinus(ExecutorTracks.OWN) : offer.resources();
    List<TaskInfo> launched = new ArrayList<>();
    for (int i = 1 + world.random.nextInt(3); left != null && i > 0; i--) {
      Resources wanted =
          Resources.of(
              Resource.scalar("cpus", 100 + world.random.nextInt(1500)),
              Resource.scalar("mem", 1000L * (32 + world.random.nextInt(500))));
      Resources rest = left.tryMinus(wanted);
      if (rest != null) {
        left = rest;
        TaskInfo task = task(newTaskId(), offer, wanted);
        launched.add(task);
        tasks.put(task.getTaskId().getValue(), new TaskTrack(world.time.nowNanos()));
        world.launched();
      }
    }
    if (executor != null && !launched.isEmpty()) {
      executors.launched(offer.agentId(), executor.getExecutorId().getValue());
    }
    return launched;
  }

  /** A task that wants more than there is, or one that was launched before. */
  private void addLie(Offer offer, Operation.Launch.Builder launch) {
    world.network.count("lie");
    if (world.random.chance(0.5) && launch.getTaskInfosCount() > 0) {
      launch.addTaskInfos(
          launch.getTaskInfos(0).toBuilder()
              .setTaskId(TaskID.newBuilder().setValue(newTaskId() + "lie"))
              .setAgentId(AgentID.newBuilder().setValue("nowhere")));
    } else {
      launch.addTaskInfos(
          task(newTaskId() + "lie", offer, Resources.of(Resource.scalar("cpus", 1_000_000))));
    }
  }

  private String newTaskId() {
    return name + "." + incarnation + "." + nextTask++;
  }

  private static TaskInfo task(String id, Offer offer, Resources resources) {
    return TaskInfo.newBuilder()
        .setName(id)
        .setTaskId(TaskID.newBuilder().setValue(id))
        .setAgentId(AgentID.newBuilder().setValue(offer.agentId()))
        .setCommand(CommandInfo.newBuilder().setValue("true"))
        .addAllResources(ResourceWire.write(resources, ResourceWire.Format.POST_REFINEMENT))
        .build();
  }

  private void actNow() {
    if (!world.network.isFaulty()) {
      return;
    }
    if (isSubscribed) {
      act();
    }
    world.time.afterNanos(world.between(0.2, 2), this::actNow);
  }

  private void act() {
    switch (world.random.nextInt(14)) {
      case 0, 1, 2, 3 -> killSome(0.3);
      case 4 -> callOften(call(Call.Type.REVIVE));
      case 5 -> {
        callOften(call(Call.Type.SUPPRESS));
        world.time.afterNanos(world.between(0.5, 3), () -> callOften(call(Call.Type.REVIVE)));
      }
      case 6 -> crash();
      case 7 -> subscribe(); // A second scheduler takes over.
      case 8 -> {
        if (world.random.chance(0.2)) {
          world.network.count("teardown");
          callOften(call(Call.Type.TEARDOWN));
        }
      }
      case 9 ->
          callOften(
              call(Call.Type.KILL)
                  .setKill(
                      Call.Kill.newBuilder().setTaskId(TaskID.newBuilder().setValue("nobody's"))));
      case 10 ->
          executors
              .one(world.random)
              .ifPresent(place ->
                  callOften(
                      call(Call.Type.MESSAGE)
                          .setMessage(
                              Call.Message.newBuilder()
                                  .setAgentId(place.agent())
                                  .setExecutorId(place.executor())
                                  .setData(ByteString.copyFromUtf8("hello")))));
      case 11 ->
          executors
              .one(world.random)
              .ifPresent(place ->
                  callOften(
                      call(Call.Type.SHUTDOWN)
                          .setShutdown(
                              Call.Shutdown.newBuilder()
                                  .setAgentId(place.agent())
                                  .setExecutorId(place.executor()))));
      default -> {}
    }
  }

  private void killSome(double probability) {
    List<String> live = new ArrayList<>();
    tasks.forEach((id, task) -> {
      if (!task.isOver()) {
        live.add(id);
      }
    });
    for (String id : live) {
      if (world.random.chance(probability)) {
        callOften(
            call(Call.Type.KILL)
                .setKill(Call.Kill.newBuilder().setTaskId(TaskID.newBuilder().setValue(id))));
      }
    }
  }

  /** What every careful framework does: asks again about all that it has not heard the end of. */
  private void reconcileNow() {
    if (isSubscribed) {
      if (!world.network.isFaulty()) {
        killSome(1);
      }
      Call.Reconcile.Builder reconcile = Call.Reconcile.newBuilder();
      tasks.forEach((id, task) -> {
        if (!task.isOver() && task.launchedNanos + LAUNCH_ARRIVED_NANOS < world.time.nowNanos()) {
          Call.Reconcile.Task.Builder asked =
              Call.Reconcile.Task.newBuilder().setTaskId(TaskID.newBuilder().setValue(id));
          if (!task.agentId.isEmpty()) {
            asked.setAgentId(AgentID.newBuilder().setValue(task.agentId));
          }
          reconcile.addTasks(asked);
        }
      });
      if (reconcile.getTasksCount() > 0) {
        callOften(call(Call.Type.RECONCILE).setReconcile(reconcile));
      }
    }
    world.time.afterNanos(world.between(4, 6), this::reconcileNow);
  }

  // Calling.

  private Call.Builder call(Call.Type type) {
    return Call.newBuilder().setType(type).setFrameworkId(info.getId());
  }

  /** A call that does no harm if it arrives twice. */
  private void callOften(Call.Builder call) {
    if (!isSubscribed) {
      return;
    }
    String streamId = "stream-" + stream;
    Call built = call.build();
    world.network.send(() -> master.call(streamId, built), () -> {});
  }

  /** A call that a client must not repeat: a second ACCEPT would find its offers used. */
  private void callOnce(Call.Builder call) {
    String streamId = "stream-" + stream;
    Call built = call.build();
    boolean[] hasArrived = new boolean[1];
    world.network.send(
        () -> {
          if (!hasArrived[0]) {
            hasArrived[0] = true;
            master.call(streamId, built);
          }
        },
        () -> {});
  }

  /**
   * Every task has ended, as far as this framework was told. A task may stay unreachable if its
   * agent died while it was away: nobody can ever tell what became of it.
   */
  void checkRest(Set<String> registeredAgents) {
    tasks.forEach((id, task) -> {
      boolean isBeyondReach = task.isUnreachable() && !registeredAgents.contains(task.agentId);
      if (!task.isOver() && !isBeyondReach) {
        throw world.broken(
            name + " never heard the end of " + id + (task.isHeardOf() ? "" : ", nor anything"));
      }
    });
  }
}
