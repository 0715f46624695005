package io.perigee.agent.core;

import io.perigee.mesos.v1.TaskInfo;
import io.perigee.mesos.v1.TaskState;
import io.perigee.mesos.v1.TaskStatus;
import io.perigee.model.Resources;
import io.perigee.model.TaskStates;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A task and the container that runs its command. Owned by the loop. */
final class ExecutorRun {
  /** What becomes of the task's end. */
  enum Fate {
    /** Its exit decides. */
    FREE,
    /** A KILL was taken: it is TASK_KILLED, however it exits. */
    KILLED,
    /** It ran for too long. */
    OVERDUE,
    /** Nobody wants to hear of it any more. */
    DISCARDED
  }

  final FrameworkRun framework;
  final TaskInfo task;
  final Resources resources;
  final String containerId;
  final String directory;

  Fate fate = Fate.FREE;

  /** 0 until the command runs. */
  long pid;

  /** True until the container is gone. */
  boolean isLive = true;

  /** When the container gets SIGKILL; {@link Long#MAX_VALUE} while nobody asked it to end. */
  long killAtNanos = Long.MAX_VALUE;

  TaskState state = TaskState.TASK_STAGING;

  /** What was told of it, without data; of equal states in a row only the last. */
  private final List<TaskStatus> statuses = new ArrayList<>();

  ExecutorRun(
      FrameworkRun framework,
      TaskInfo task,
      Resources resources,
      String containerId,
      String directory) {
    this.framework = framework;
    this.task = task;
    this.resources = resources;
    this.containerId = containerId;
    this.directory = directory;
  }

  TaskKey key() {
    return new TaskKey(framework.id(), task.getTaskId().getValue());
  }

  boolean isTerminal() {
    return TaskStates.isTerminal(state);
  }

  void add(TaskStatus status) {
    state = status.getState();
    if (!statuses.isEmpty() && statuses.getLast().getState() == state) {
      statuses.removeLast();
    }
    statuses.add(status);
  }

  /**
   * The task as the master and readers see it.
   *
   * @param front the first update that is not acknowledged, or null
   */
  io.perigee.mesos.v1.Task describe(String agentId, @Nullable TaskStatus front) {
    io.perigee.mesos.v1.Task.Builder description =
        io.perigee.mesos.v1.Task.newBuilder()
            .setName(task.getName())
            .setTaskId(task.getTaskId())
            .setFrameworkId(framework.info.getId())
            .setAgentId(io.perigee.mesos.v1.AgentID.newBuilder().setValue(agentId))
            .setState(state)
            .addAllResources(task.getResourcesList())
            .addAllStatuses(statuses)
            .putAllLimits(task.getLimitsMap());
    if (front != null) {
      description.setStatusUpdateState(front.getState()).setStatusUpdateUuid(front.getUuid());
    }
    if (task.hasLabels()) {
      description.setLabels(task.getLabels());
    }
    if (task.hasDiscovery()) {
      description.setDiscovery(task.getDiscovery());
    }
    if (task.hasContainer()) {
      description.setContainer(task.getContainer());
    }
    if (task.hasHealthCheck()) {
      description.setHealthCheck(task.getHealthCheck());
    }
    if (task.hasKillPolicy()) {
      description.setKillPolicy(task.getKillPolicy());
    }
    if (task.getCommand().hasUser()) {
      description.setUser(task.getCommand().getUser());
    }
    return description.build();
  }
}
