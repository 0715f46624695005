package io.perigee.agent.core;

import com.google.protobuf.ByteString;
import io.perigee.agent.core.AgentSnapshot.ExecutorKind;
import io.perigee.mesos.v1.AgentID;
import io.perigee.mesos.v1.KillPolicy;
import io.perigee.mesos.v1.Task;
import io.perigee.mesos.v1.TaskInfo;
import io.perigee.mesos.v1.TaskState;
import io.perigee.mesos.v1.TaskStatus;
import io.perigee.model.Resources;
import io.perigee.model.TaskStates;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A task, from its launch until its last update is acknowledged. Owned by the loop. */
final class TaskRun {
  /** An executor that changes its mind without end must not fill the memory. */
  private static final int MOST_STATUSES = 100;

  /** Updates that an executor may send again after its stream broke and still be recognised. */
  private static final int MOST_REMEMBERED_UUIDS = 100;

  /** What becomes of a task that the agent runs by itself. */
  enum Fate {
    /** Its exit decides. */
    FREE,
    /** A KILL was taken: it is TASK_KILLED, however it exits. */
    KILLED,
    /** It ran for too long. */
    OVERDUE
  }

  final ExecutorRun executor;
  final TaskInfo info;
  final Resources resources;

  /** With which it was launched, or null. */
  final @Nullable TaskGroup group;

  /** True until a CUSTOM executor is told of it. */
  boolean isQueued;

  Fate fate = Fate.FREE;

  /** What a CUSTOM executor was or has to be told of its end; null if nobody wants it. */
  @Nullable KillPolicy killPolicy;

  /** Its container, also when that is gone; null if the agent did not make one for it. */
  @Nullable ContainerRun container;

  TaskState state = TaskState.TASK_STAGING;

  /** What was told of it, without data; of equal states in a row only the last. */
  private final List<TaskStatus> statuses = new ArrayList<>();

  private final ArrayDeque<ByteString> uuids = new ArrayDeque<>();

  TaskRun(ExecutorRun executor, TaskInfo info, Resources resources, @Nullable TaskGroup group) {
    this.executor = executor;
    this.info = info;
    this.resources = resources;
    this.group = group;
  }

  String id() {
    return info.getTaskId().getValue();
  }

  TaskKey key() {
    return new TaskKey(executor.framework.id(), id());
  }

  boolean isOver() {
    return TaskStates.isTerminal(state);
  }

  /** Whether an update with this uuid was taken before. */
  boolean knows(ByteString uuid) {
    return uuids.contains(uuid);
  }

  void add(TaskStatus status) {
    state = status.getState();
    if (!statuses.isEmpty() && statuses.getLast().getState() == state) {
      statuses.removeLast();
    }
    statuses.add(status.toBuilder().clearData().build());
    if (statuses.size() > MOST_STATUSES) {
      statuses.removeFirst();
    }
    uuids.addLast(status.getUuid());
    if (uuids.size() > MOST_REMEMBERED_UUIDS) {
      uuids.removeFirst();
    }
  }

  /**
   * The task as the master and readers see it.
   *
   * @param front the first update that is not acknowledged, or null
   */
  Task describe(String agentId, @Nullable TaskStatus front) {
    Task.Builder description =
        Task.newBuilder()
            .setName(info.getName())
            .setTaskId(info.getTaskId())
            .setFrameworkId(executor.framework.info.getId())
            .setAgentId(AgentID.newBuilder().setValue(agentId))
            .setState(state)
            .addAllResources(info.getResourcesList())
            .addAllStatuses(statuses)
            .putAllLimits(info.getLimitsMap());
    if (executor.kind != ExecutorKind.COMMAND) {
      description.setExecutorId(executor.info.getExecutorId());
    }
    TaskStatus told = front != null ? front : statuses.isEmpty() ? null : statuses.getLast();
    if (told != null) {
      description.setStatusUpdateState(told.getState()).setStatusUpdateUuid(told.getUuid());
    }
    if (info.hasLabels()) {
      description.setLabels(info.getLabels());
    }
    if (info.hasDiscovery()) {
      description.setDiscovery(info.getDiscovery());
    }
    if (info.hasContainer()) {
      description.setContainer(info.getContainer());
    }
    if (info.hasHealthCheck()) {
      description.setHealthCheck(info.getHealthCheck());
    }
    if (info.hasKillPolicy()) {
      description.setKillPolicy(info.getKillPolicy());
    }
    if (info.getCommand().hasUser()) {
      description.setUser(info.getCommand().getUser());
    }
    return description.build();
  }
}
