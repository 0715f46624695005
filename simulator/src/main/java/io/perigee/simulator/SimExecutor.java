package io.perigee.simulator;

import com.google.protobuf.ByteString;
import io.perigee.agent.core.AgentEvent;
import io.perigee.agent.core.ContainerExit;
import io.perigee.common.Uuids;
import io.perigee.mesos.v1.ExecutorID;
import io.perigee.mesos.v1.FrameworkID;
import io.perigee.mesos.v1.TaskID;
import io.perigee.mesos.v1.TaskInfo;
import io.perigee.mesos.v1.TaskState;
import io.perigee.mesos.v1.TaskStatus;
import io.perigee.mesos.v1.executor.Call;
import io.perigee.mesos.v1.executor.Event;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A process that speaks the executor API: it runs, kills and loses tasks, loses its stream, ignores
 * what it is told and dies, as its dice fall. Without tasks it soon ends by itself.
 */
final class SimExecutor {
  private final World world;
  private final Consumer<AgentEvent> agent;
  private final Consumer<ContainerExit> exit;
  private final FrameworkID frameworkId;
  private final ExecutorID executorId;
  private final boolean isDeaf;

  /** Tasks it was told of and that are not over. */
  private final Map<String, TaskInfo> tasks = new LinkedHashMap<>();

  /** Tasks of which no update was acknowledged yet. */
  private final Map<String, TaskInfo> unacknowledgedTasks = new LinkedHashMap<>();

  private final Map<ByteString, TaskStatus> unacknowledged = new LinkedHashMap<>();
  private boolean isAlive = true;

  /** 0 without one. */
  private long stream;

  /** Counts the times it became idle or busy. */
  private int idleTurn;

  /**
   * @param agent takes what it says; called only while it is alive
   * @param exit ends its container
   */
  SimExecutor(
      World world,
      String frameworkId,
      String executorId,
      Consumer<AgentEvent> agent,
      Consumer<ContainerExit> exit) {
    this.world = world;
    this.agent = agent;
    this.exit = exit;
    this.frameworkId = FrameworkID.newBuilder().setValue(frameworkId).build();
    this.executorId = ExecutorID.newBuilder().setValue(executorId).build();
    this.isDeaf = world.random.chance(0.1);
  }

  private void later(double fromSeconds, double toSeconds, Runnable what) {
    world.time.afterNanos(
        world.between(fromSeconds, toSeconds),
        () -> {
          if (isAlive) {
            what.run();
          }
        });
  }

  void start() {
    if (world.random.chance(0.02)) {
      world.network.count("executor that never subscribes");
      return;
    }
    later(0.001, 0.2, this::subscribe);
    if (world.network.isFaulty() && world.random.chance(0.2)) {
      later(0.1, 10, this::crash);
    }
  }

  private void crash() {
    world.network.count("executor crash");
    exit.accept(new ContainerExit.Exited(1));
  }

  /** Its container is gone. */
  void die() {
    isAlive = false;
  }

  boolean hears(long someStream) {
    return someStream == stream;
  }

  // The stream.

  private void subscribe() {
    stream = world.newNumber();
    Call.Subscribe.Builder subscribe =
        Call.Subscribe.newBuilder().addAllUnacknowledgedTasks(unacknowledgedTasks.values());
    unacknowledged
        .values()
        .forEach(status -> subscribe.addUnacknowledgedUpdatesBuilder().setStatus(status));
    agent.accept(
        new AgentEvent.ExecutorSubscribes(
            stream, call(Call.Type.SUBSCRIBE).setSubscribe(subscribe).build()));
    if (world.network.isFaulty() && world.random.chance(0.3)) {
      later(0.05, 5, this::loseStream);
    }
    becomeIdle();
  }

  private void loseStream() {
    if (stream == 0) {
      return;
    }
    world.network.count("executor's stream");
    long lost = stream;
    if (world.random.chance(0.5)) {
      stream = 0;
      agent.accept(new AgentEvent.ExecutorGone(lost));
      later(0.01, 2, this::subscribe);
    } else {
      subscribe(); // The agent hears of the first one's end later, if at all.
    }
  }

  /** The agent ended the stream, or refused it. */
  void streamEnded() {
    stream = 0;
    exit.accept(new ContainerExit.Exited(0));
  }

  void hear(long onStream, Event event) {
    later(
        0,
        0.002,
        () -> {
          if (onStream == stream) {
            hear(event);
          }
        });
  }

  private void hear(Event event) {
    switch (event.getType()) {
      case LAUNCH -> launch(List.of(event.getLaunch().getTask()));
      case LAUNCH_GROUP -> launch(event.getLaunchGroup().getTaskGroup().getTasksList());
      case KILL -> {
        String taskId = event.getKill().getTaskId().getValue();
        if (!isDeaf) {
          later(0.001, 0.5, () -> end(taskId, TaskState.TASK_KILLED));
        }
      }
      case ACKNOWLEDGED -> {
        unacknowledged.remove(event.getAcknowledged().getUuid());
        unacknowledgedTasks.remove(event.getAcknowledged().getTaskId().getValue());
      }
      case MESSAGE ->
          say(
              call(Call.Type.MESSAGE)
                  .setMessage(Call.Message.newBuilder().setData(event.getMessage().getData())));
      case SHUTDOWN -> {
        if (!isDeaf) {
          List.copyOf(tasks.keySet()).forEach(id -> end(id, TaskState.TASK_KILLED));
          later(0.001, 1, () -> exit.accept(new ContainerExit.Exited(0)));
        }
      }
      case SUBSCRIBED, ERROR, HEARTBEAT, UNKNOWN -> {}
    }
  }

  // Its tasks.

  private void launch(List<TaskInfo> launched) {
    idleTurn++;
    for (TaskInfo task : launched) {
      String id = task.getTaskId().getValue();
      world.started(frameworkId.getValue(), id);
      tasks.put(id, task);
      unacknowledgedTasks.put(id, task);
      update(id, TaskState.TASK_STARTING);
      later(
          0.001,
          0.1,
          () -> {
            if (tasks.containsKey(id)) {
              update(id, TaskState.TASK_RUNNING);
            }
          });
      later(
          0.05,
          12,
          () ->
              end(id, world.random.chance(0.2) ? TaskState.TASK_FAILED : TaskState.TASK_FINISHED));
    }
  }

  private void end(String taskId, TaskState state) {
    if (tasks.remove(taskId) != null) {
      update(taskId, state);
      becomeIdle();
    }
  }

  private void becomeIdle() {
    if (tasks.isEmpty()) {
      int turn = ++idleTurn;
      later(
          1,
          5,
          () -> {
            if (turn == idleTurn) {
              exit.accept(new ContainerExit.Exited(0));
            }
          });
    }
  }

  private void update(String taskId, TaskState state) {
    TaskStatus status =
        TaskStatus.newBuilder()
            .setTaskId(TaskID.newBuilder().setValue(taskId))
            .setState(state)
            .setSource(TaskStatus.Source.SOURCE_EXECUTOR)
            .setUuid(ByteString.copyFrom(Uuids.bytes(Uuids.random(world.random))))
            .build();
    unacknowledged.put(status.getUuid(), status);
    say(call(Call.Type.UPDATE).setUpdate(Call.Update.newBuilder().setStatus(status)));
    if (world.random.chance(0.1)) {
      say(call(Call.Type.UPDATE).setUpdate(Call.Update.newBuilder().setStatus(status)));
    }
  }

  private Call.Builder call(Call.Type type) {
    return Call.newBuilder().setType(type).setFrameworkId(frameworkId).setExecutorId(executorId);
  }

  private void say(Call.Builder call) {
    if (stream != 0) {
      agent.accept(new AgentEvent.ExecutorCalls(world.newNumber(), call.build()));
    }
  }
}
