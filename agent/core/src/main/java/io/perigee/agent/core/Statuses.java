package io.perigee.agent.core;

import com.google.protobuf.ByteString;
import io.perigee.agent.core.AgentSnapshot.ExecutorKind;
import io.perigee.common.Uuids;
import io.perigee.mesos.v1.ContainerID;
import io.perigee.mesos.v1.ContainerStatus;
import io.perigee.mesos.v1.FrameworkInfo;
import io.perigee.mesos.v1.FrameworkInfo.Capability;
import io.perigee.mesos.v1.NetworkInfo;
import io.perigee.mesos.v1.TaskID;
import io.perigee.mesos.v1.TaskState;
import io.perigee.mesos.v1.TaskStatus;
import io.perigee.model.TaskStates;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Makes statuses of tasks and hands them to the update streams. Source: mesos/src/slave/slave.cpp,
 * statusUpdate.
 */
final class Statuses {
  private final Agent agent;

  Statuses(Agent agent) {
    this.agent = agent;
  }

  /** What the executor says that the agent stands in for. */
  TaskStatus.Builder ofExecutor(
      Turn turn, TaskRun task, TaskState state, @Nullable String message) {
    TaskStatus.Builder status =
        bare(turn, task.info.getTaskId(), state)
            .setSource(TaskStatus.Source.SOURCE_EXECUTOR)
            .setExecutorId(task.executor.info.getExecutorId())
            .setContainerStatus(containerStatus(task, state));
    if (message != null) {
      status.setMessage(message);
    }
    return status;
  }

  /** What the agent itself has to say of a task. */
  TaskStatus.Builder ofAgent(
      Turn turn, TaskRun task, TaskState state, TaskStatus.Reason reason, String message) {
    return ofExecutor(turn, task, state, message)
        .setSource(TaskStatus.Source.SOURCE_AGENT)
        .setReason(reason);
  }

  private TaskStatus.Builder bare(Turn turn, TaskID taskId, TaskState state) {
    return TaskStatus.newBuilder()
        .setTaskId(taskId)
        .setState(state)
        .setAgentId(agent.agentId())
        .setTimestamp(turn.nowSeconds())
        .setUuid(ByteString.copyFrom(Uuids.bytes(Uuids.random(agent.random))));
  }

  private ContainerStatus containerStatus(TaskRun task, TaskState state) {
    ContainerID own = ContainerID.newBuilder().setValue(task.executor.containerId).build();
    if (task.executor.kind != ExecutorKind.DEFAULT) {
      return withNetwork(ContainerStatus.newBuilder().setContainerId(own), task.executor.pid());
    }
    ContainerRun container = task.container;
    ContainerStatus.Builder status = ContainerStatus.newBuilder();
    if (container == null) {
      return status.setContainerId(own).build();
    }
    status.setContainerId(ContainerID.newBuilder().setValue(container.id).setParent(own));
    return TaskStates.isTerminal(state) ? status.build() : withNetwork(status, container.pid);
  }

  private ContainerStatus withNetwork(ContainerStatus.Builder status, long pid) {
    if (status.getNetworkInfosCount() == 0) {
      status.addNetworkInfos(
          NetworkInfo.newBuilder()
              .addIpAddresses(NetworkInfo.IPAddress.newBuilder().setIpAddress(agent.config.ip())));
    }
    if (pid != 0) {
      status.setExecutorPid((int) pid);
    }
    return status.build();
  }

  /** An executor's status with what only the agent knows; all else stays as it is. */
  TaskStatus complete(Turn turn, ExecutorRun executor, TaskStatus status) {
    ContainerStatus.Builder container = status.getContainerStatus().toBuilder();
    if (!container.hasContainerId()) {
      container.setContainerId(ContainerID.newBuilder().setValue(executor.containerId));
    }
    TaskStatus.Builder complete =
        status.toBuilder()
            .setAgentId(agent.agentId())
            .setContainerStatus(withNetwork(container, executor.pid()));
    if (!status.hasTimestamp()) {
      complete.setTimestamp(turn.nowSeconds());
    }
    return complete.build();
  }

  void tell(Turn turn, TaskRun task, TaskStatus.Builder status) {
    tell(turn, task, status.build());
  }

  /** Takes a status for a task's own, and sends it to the master. */
  void tell(Turn turn, TaskRun task, TaskStatus status) {
    task.isQueued = false;
    task.add(status);
    agent.count("slave/valid_status_updates");
    count(status.getState());
    agent.updates.add(turn, agent.registeredLink, task.key(), status);
  }

  private void count(TaskState state) {
    if (TaskStates.isTerminal(state)) {
      agent.count(
          "slave/tasks_" + state.name().substring("TASK_".length()).toLowerCase(Locale.ROOT));
    }
  }

  /** A task that was launched and never arrived anywhere. */
  void drop(
      Turn turn, FrameworkInfo framework, TaskID taskId, TaskStatus.Reason reason, String message) {
    TaskKey key = new TaskKey(framework.getId().getValue(), taskId.getValue());
    if (agent.updates.front(key) != null) {
      return; // Its end is on the way already.
    }
    TaskState state = lost(framework);
    count(state);
    agent.updates.add(
        turn,
        agent.registeredLink,
        key,
        bare(turn, taskId, state)
            .setSource(TaskStatus.Source.SOURCE_AGENT)
            .setReason(reason)
            .setMessage(message)
            .build());
  }

  /** How a framework hears of a task that never ran. */
  static TaskState lost(FrameworkInfo framework) {
    return knows(framework, Capability.Type.PARTITION_AWARE)
        ? TaskState.TASK_DROPPED
        : TaskState.TASK_LOST;
  }

  static boolean knows(FrameworkInfo framework, Capability.Type capability) {
    return framework.getCapabilitiesList().stream().anyMatch(c -> c.getType() == capability);
  }
}
