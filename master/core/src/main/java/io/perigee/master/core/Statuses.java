package io.perigee.master.core;

import io.perigee.master.core.cluster.Task;
import io.perigee.mesos.v1.AgentID;
import io.perigee.mesos.v1.ExecutorID;
import io.perigee.mesos.v1.TaskID;
import io.perigee.mesos.v1.TaskState;
import io.perigee.mesos.v1.TaskStatus;
import io.perigee.mesos.v1.TimeInfo;
import org.jspecify.annotations.Nullable;

/**
 * Status updates that the master makes itself. They never carry a uuid: nobody waits for their
 * acknowledgement.
 */
final class Statuses {
  private Statuses() {}

  static TaskStatus.Builder of(
      Turn turn,
      String taskId,
      @Nullable String agentId,
      TaskState state,
      TaskStatus.Reason reason,
      String message) {
    TaskStatus.Builder status =
        TaskStatus.newBuilder()
            .setTaskId(TaskID.newBuilder().setValue(taskId))
            .setState(state)
            .setSource(TaskStatus.Source.SOURCE_MASTER)
            .setReason(reason)
            .setMessage(message)
            .setTimestamp(turn.nowSeconds());
    if (agentId != null) {
      status.setAgentId(AgentID.newBuilder().setValue(agentId));
    }
    return status;
  }

  /** About a known task: with what its last status told about container and health. */
  static TaskStatus.Builder of(
      Turn turn, Task task, TaskState state, TaskStatus.Reason reason, String message) {
    TaskStatus.Builder status = of(turn, task.id(), task.agentId(), state, reason, message);
    if (task.executorId() != null) {
      status.setExecutorId(ExecutorID.newBuilder().setValue(task.executorId()));
    }
    TaskStatus last = task.lastStatus();
    if (last != null) {
      if (last.hasHealthy()) {
        status.setHealthy(last.getHealthy());
      }
      if (last.hasCheckStatus()) {
        status.setCheckStatus(last.getCheckStatus());
      }
      if (last.hasContainerStatus()) {
        status.setContainerStatus(last.getContainerStatus());
      }
    }
    return status;
  }

  static TimeInfo time(long nanos) {
    return TimeInfo.newBuilder().setNanoseconds(nanos).build();
  }

  /**
   * A state as this framework may see it: without PARTITION_AWARE whatever is lost is TASK_LOST.
   */
  static TaskState forFramework(boolean isPartitionAware, TaskState state) {
    return switch (state) {
      case TASK_DROPPED, TASK_UNREACHABLE, TASK_GONE, TASK_GONE_BY_OPERATOR, TASK_UNKNOWN ->
          isPartitionAware ? state : TaskState.TASK_LOST;
      case TASK_STAGING,
          TASK_STARTING,
          TASK_RUNNING,
          TASK_KILLING,
          TASK_FINISHED,
          TASK_FAILED,
          TASK_KILLED,
          TASK_ERROR,
          TASK_LOST ->
          state;
    };
  }
}
