package io.perigee.simulator;

import com.google.protobuf.ByteString;
import io.perigee.mesos.v1.TaskState;
import io.perigee.mesos.v1.TaskStatus;
import io.perigee.model.TaskStates;
import java.util.Optional;

/** What a framework heard of one of its tasks, and whether it may have heard it. */
final class TaskTrack {
  final long launchedNanos;
  String agentId = "";
  private boolean isOver;

  /** The end may yet be taken back: the master had lost sight of the task. */
  private boolean isEndUncertain;

  private boolean isHeardOf;
  private boolean isUnreachable;
  private ByteString endUuid = ByteString.EMPTY;

  TaskTrack(long launchedNanos) {
    this.launchedNanos = launchedNanos;
  }

  boolean isOver() {
    return isOver;
  }

  boolean isHeardOf() {
    return isHeardOf;
  }

  /** Its agent is away, and may or may not come back. */
  boolean isUnreachable() {
    return isUnreachable;
  }

  /** Takes an update, or says why it never should have come. */
  Optional<String> hear(TaskStatus status, boolean isPartitionAware) {
    isHeardOf = true;
    if (status.hasAgentId()) {
      agentId = status.getAgentId().getValue();
    }
    boolean isReconciliation =
        status.getReason() == TaskStatus.Reason.REASON_RECONCILIATION
            && status.getSource() == TaskStatus.Source.SOURCE_MASTER;
    boolean ends =
        TaskStates.isTerminal(status.getState()) || status.getState() == TaskState.TASK_UNKNOWN;
    if (isOver && !isEndUncertain) {
      boolean isSame = ends && status.getUuid().equals(endUuid) && !endUuid.isEmpty();
      return isSame || isReconciliation
          ? Optional.empty()
          : Optional.of("heard of it after its end");
    }
    isOver = ends;
    isUnreachable = status.getState() == TaskState.TASK_UNREACHABLE;
    endUuid = status.getUuid();
    isEndUncertain =
        isReconciliation
            || (!isPartitionAware
                && status.getState() == TaskState.TASK_LOST
                && status.getReason() == TaskStatus.Reason.REASON_AGENT_REMOVED);
    return Optional.empty();
  }
}
