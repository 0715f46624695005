package io.perigee.agent.core;

import io.perigee.agent.core.AgentSnapshot.ExecutorState;
import io.perigee.common.unit.Durations;
import io.perigee.link.KillTask;
import io.perigee.mesos.v1.KillPolicy;
import io.perigee.mesos.v1.TaskGroupInfo;
import io.perigee.mesos.v1.TaskState;
import io.perigee.mesos.v1.TaskStatus;
import io.perigee.mesos.v1.executor.Event;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Executors that are processes of their own: their containers, and what they are told of their
 * tasks. Source: mesos/src/slave/slave.cpp.
 */
final class CustomExecutors {
  private final Agent agent;
  private final Statuses statuses;
  private final Containers containers;
  private final ExecutorEnds ends;

  CustomExecutors(Agent agent, Statuses statuses, Containers containers, ExecutorEnds ends) {
    this.agent = agent;
    this.statuses = statuses;
    this.containers = containers;
    this.ends = ends;
  }

  // The container.

  void launch(Turn turn, ExecutorRun executor) {
    executor.container = containers.open(executor.containerId, executor.directory, executor, null);
    turn.command(LaunchPlans.ofExecutor(agent, executor));
    agent.timers.set(
        new Timer.Registration(executor.containerId),
        turn.after(agent.config.executorRegistrationTimeout().toNanos()));
  }

  void registrationOverdue(Turn turn, String containerId) {
    ContainerRun container = agent.containers.get(containerId);
    if (container != null && container.executor.state == ExecutorState.REGISTERING) {
      container.executor.state = ExecutorState.TERMINATING;
      container.executor.whyEnded =
          "Executor did not register within "
              + Durations.print(agent.config.executorRegistrationTimeout());
      turn.command(new AgentCommand.KillContainer(containerId));
    }
  }

  /** The container never ran. */
  void failed(Turn turn, ExecutorRun executor, String message) {
    agent.count("slave/container_launch_errors");
    over(
        turn,
        executor,
        TaskStatus.newBuilder()
            .setReason(TaskStatus.Reason.REASON_CONTAINER_LAUNCH_FAILED)
            .setMessage("Failed to launch container: " + message),
        -1);
  }

  void exited(Turn turn, ExecutorRun executor, ContainerExit exit) {
    TaskStatus.Builder end = TaskStatus.newBuilder();
    switch (exit) {
      case ContainerExit.Exited exited -> end.setMessage("Executor terminated");
      case ContainerExit.Signaled signaled -> end.setMessage("Executor terminated");
      case ContainerExit.OutOfMemory outOfMemory ->
          end.setReason(TaskStatus.Reason.REASON_CONTAINER_LIMITATION_MEMORY)
              .setMessage(TaskEnds.text(exit))
              .setLimitation(TaskEnds.memory(executor.used()));
      case ContainerExit.Lost lost -> end.setMessage(TaskEnds.text(exit));
    }
    over(turn, executor, end, TaskEnds.waitStatus(exit));
  }

  /**
   * Tells the tasks' end, unless the executor told it before.
   *
   * @param end with message, reason and limitation, as far as its exit tells them
   * @param status as wait(2) gives it; -1 if nobody knows
   */
  private void over(Turn turn, ExecutorRun executor, TaskStatus.Builder end, int status) {
    if (!executor.whyEnded.isEmpty()) {
      end.clear()
          .setReason(TaskStatus.Reason.REASON_EXECUTOR_REGISTRATION_TIMEOUT)
          .setMessage(executor.whyEnded);
    } else if (!end.hasReason()) {
      end.setReason(TaskStatus.Reason.REASON_EXECUTOR_TERMINATED);
    }
    closeStream(turn, executor);
    executor.container = null;
    ends.terminated(executor);
    for (TaskRun task : executor.liveTasks()) {
      TaskStatus.Builder told =
          statuses.ofAgent(turn, task, TaskState.TASK_FAILED, end.getReason(), end.getMessage());
      if (end.hasLimitation()) {
        told.setLimitation(end.getLimitation());
      }
      statuses.tell(turn, task, told);
    }
    ends.exited(turn, executor, status);
  }

  // The stream.

  void openStream(Turn turn, ExecutorRun executor, long stream) {
    closeStream(turn, executor);
    executor.stream = stream;
    executor.state = ExecutorState.RUNNING;
    agent.streams.put(stream, executor);
    agent.timers.cancel(new Timer.Registration(executor.containerId));
    heartbeatLater(turn, stream);
  }

  private void closeStream(Turn turn, ExecutorRun executor) {
    if (executor.stream != 0) {
      turn.command(new AgentCommand.EndExecutorStream(executor.stream));
      streamGone(executor.stream);
    }
  }

  void streamGone(long stream) {
    ExecutorRun executor = agent.streams.remove(stream);
    if (executor != null) {
      executor.stream = 0;
      agent.timers.cancel(new Timer.Heartbeat(stream));
    }
  }

  private void heartbeatLater(Turn turn, long stream) {
    agent.timers.set(new Timer.Heartbeat(stream), turn.after(ExecutorCalls.HEARTBEAT_NANOS));
  }

  void heartbeatDue(Turn turn, long stream) {
    if (agent.streams.containsKey(stream)) {
      turn.command(
          new AgentCommand.TellExecutor(
              stream, Event.newBuilder().setType(Event.Type.HEARTBEAT).build()));
      heartbeatLater(turn, stream);
    }
  }

  private static void tell(Turn turn, ExecutorRun executor, Event.Builder event) {
    if (executor.stream != 0) {
      turn.command(new AgentCommand.TellExecutor(executor.stream, event.build()));
    }
  }

  // Its tasks.

  /**
   * Tells an executor of the tasks that wait for it, if it listens; its limits are raised first.
   */
  void deliver(Turn turn, ExecutorRun executor) {
    if (executor.stream == 0 || executor.state != ExecutorState.RUNNING) {
      return;
    }
    List<TaskRun> queued = executor.queuedTasks();
    if (queued.isEmpty()) {
      return;
    }
    resize(turn, executor);
    executor.hadTask = true;
    Set<TaskGroup> groups = new LinkedHashSet<>();
    for (TaskRun task : queued) {
      task.isQueued = false;
      TaskGroup group = task.group;
      if (group == null) {
        Event.Builder event = Event.newBuilder().setType(Event.Type.LAUNCH);
        event.getLaunchBuilder().setTask(task.info);
        tell(turn, executor, event);
      } else if (groups.add(group)) {
        TaskGroupInfo.Builder all = TaskGroupInfo.newBuilder();
        group.tasks.forEach(member -> all.addTasks(member.info));
        Event.Builder event = Event.newBuilder().setType(Event.Type.LAUNCH_GROUP);
        event.getLaunchGroupBuilder().setTaskGroup(all);
        tell(turn, executor, event);
      }
    }
  }

  /** Gives the container what its executor and the tasks of that may use. */
  void resize(Turn turn, ExecutorRun executor) {
    Limits limits = Limits.of(executor.used());
    if (executor.container != null && !limits.equals(executor.limits)) {
      executor.limits = limits;
      turn.command(
          new AgentCommand.ResizeContainer(
              executor.containerId, limits.cpusThousandths(), limits.memBytes()));
    }
  }

  void kill(Turn turn, KillTask message, TaskRun task) {
    if (task.isOver() || !task.executor.isUsable()) {
      return; // Its end is on the way.
    }
    if (!task.isQueued) {
      task.killPolicy = message.getKillPolicy();
      tellKill(turn, task, message.getKillPolicy());
      return;
    }
    for (TaskRun member : task.group == null ? List.of(task) : task.group.tasks) {
      statuses.tell(
          turn,
          member,
          statuses.ofAgent(
              turn,
              member,
              TaskState.TASK_KILLED,
              TaskStatus.Reason.REASON_TASK_KILLED_DURING_LAUNCH,
              "Killed before delivery to the executor"));
    }
  }

  /** An executor that was away when tasks were killed hears of it. */
  void repeatKills(Turn turn, ExecutorRun executor) {
    for (TaskRun task : executor.liveTasks()) {
      if (task.killPolicy != null) {
        tellKill(turn, task, task.killPolicy);
      }
    }
  }

  private static void tellKill(Turn turn, TaskRun task, KillPolicy policy) {
    Event.Builder event = Event.newBuilder().setType(Event.Type.KILL);
    event.getKillBuilder().setTaskId(task.info.getTaskId());
    if (policy.hasGracePeriod()) {
      event.getKillBuilder().setKillPolicy(policy);
    }
    tell(turn, task.executor, event);
  }

  /** The executor is to end a task of which nobody wants to hear any more. */
  void discard(Turn turn, TaskRun task) {
    if (!task.isQueued && !task.isOver()) {
      tellKill(turn, task, KillPolicy.getDefaultInstance());
    }
  }

  // Its end.

  /** Asks an executor to end itself and its tasks, and ends it when its time is over. */
  void shutDown(Turn turn, ExecutorRun executor) {
    ContainerRun container = executor.container;
    if (container == null || !executor.isUsable()) {
      return;
    }
    executor.state = ExecutorState.TERMINATING;
    agent.timers.cancel(new Timer.Registration(executor.containerId));
    tell(turn, executor, Event.newBuilder().setType(Event.Type.SHUTDOWN));
    boolean hasBegun = container.pid != 0 || executor.stream != 0;
    containers.killAfter(turn, container, hasBegun ? Shutdowns.graceNanos(agent, executor) : 0);
    if (!hasBegun) {
      containers.graceOver(turn, container.id);
    }
  }
}
