package io.perigee.master.core;

import io.perigee.master.core.cluster.Agent;
import io.perigee.master.core.cluster.Framework;
import io.perigee.master.core.cluster.Task;
import io.perigee.master.core.cluster.TaskCell;
import io.perigee.master.core.cluster.UnreachableAgent;
import io.perigee.mesos.v1.OperationState;
import io.perigee.mesos.v1.OperationStatus;
import io.perigee.mesos.v1.TaskState;
import io.perigee.mesos.v1.TaskStatus;
import io.perigee.mesos.v1.scheduler.Call;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells frameworks what the master knows of their tasks. Source: mesos/docs/reconciliation.md, and
 * reconcile in mesos/src/master/master.cpp.
 */
final class Reconciliation {
  private final Master master;

  Reconciliation(Master master) {
    this.master = master;
  }

  /** RECONCILE: of the tasks named, or of all that are not over if none is. */
  void reconcile(Turn turn, Framework framework, Call.Reconcile call) {
    master.counters.add("master/messages_reconcile_tasks");
    if (call.getTasksCount() == 0) {
      for (TaskCell cell : List.copyOf(framework.tasks())) {
        tell(turn, framework, latest(turn, cell.task()));
      }
      return;
    }
    for (Call.Reconcile.Task task : call.getTasksList()) {
      explain(
          turn,
          framework,
          task.getTaskId().getValue(),
          task.hasAgentId() ? task.getAgentId().getValue() : null);
    }
  }

  private static TaskStatus.Builder latest(Turn turn, Task task) {
    return Statuses.of(
        turn,
        task,
        task.forwardedState(),
        TaskStatus.Reason.REASON_RECONCILIATION,
        "Reconciliation: Latest task state");
  }

  /** Tells what became of one task, or nothing while its agent may still bring it back. */
  void explain(Turn turn, Framework framework, String taskId, @Nullable String agentId) {
    TaskCell cell = framework.task(taskId);
    if (cell != null) {
      tell(turn, framework, latest(turn, cell.task()));
      return;
    }
    if (agentId == null
        ? master.cluster.hasRecoveredAgents()
        : master.cluster.isRecovered(agentId)) {
      return;
    }
    Agent agent = agentId == null ? null : master.cluster.agent(agentId);
    Task unreachableTask = framework.unreachableTask(taskId);
    UnreachableAgent unreachable = unreachableAgent(agentId, unreachableTask);
    if (agent != null) {
      tell(
          turn,
          framework,
          unknown(
              turn,
              framework,
              taskId,
              agentId,
              TaskState.TASK_GONE,
              "Task is unknown to the agent"));
    } else if (unreachable != null) {
      tell(
          turn,
          framework,
          unknown(
                  turn,
                  framework,
                  taskId,
                  unreachable.agentId(),
                  TaskState.TASK_UNREACHABLE,
                  "Task is unreachable")
              .setUnreachableTime(Statuses.time(unreachable.sinceNanos())));
    } else {
      tell(
          turn,
          framework,
          unknown(turn, framework, taskId, agentId, TaskState.TASK_UNKNOWN, "Task is unknown"));
    }
  }

  /**
   * RECONCILE_OPERATIONS: of the operations named. None lasts longer than the call that it came
   * with, so all that can be told is why nothing is known. Source: mesos/src/master/master.cpp,
   * Master::reconcileOperations.
   */
  void reconcileOperations(Turn turn, Framework framework, Call.ReconcileOperations call) {
    master.counters.add("master/messages_reconcile_operations");
    for (Call.ReconcileOperations.Operation operation : call.getOperationsList()) {
      OperationStatus.Builder status =
          OperationStatus.newBuilder().setOperationId(operation.getOperationId());
      String agentId = operation.hasAgentId() ? operation.getAgentId().getValue() : null;
      if (agentId != null) {
        status.setAgentId(operation.getAgentId());
      }
      if (operation.hasResourceProviderId()) {
        status.setResourceProviderId(operation.getResourceProviderId());
      }
      turn.notify(
          framework, new SchedulerNotice.UpdateOperation(unknownOperation(status, agentId)));
    }
  }

  private OperationStatus unknownOperation(
      OperationStatus.Builder status, @Nullable String agentId) {
    if (agentId == null) {
      status.setState(OperationState.OPERATION_UNKNOWN);
      status.setMessage("Reconciliation: Operation is unknown and no 'agent_id' was provided");
    } else if (master.cluster.isRecovered(agentId)) {
      status.setState(OperationState.OPERATION_RECOVERING);
      status.setMessage("Reconciliation: Agent is recovered but has not re-registered");
    } else if (master.cluster.agent(agentId) != null) {
      status.setState(OperationState.OPERATION_UNKNOWN);
      status.setMessage("Reconciliation: Operation is unknown");
    } else if (master.cluster.unreachableAgent(agentId) != null) {
      status.setState(OperationState.OPERATION_UNREACHABLE);
      status.setMessage("Reconciliation: Agent is unreachable");
    } else {
      status.setState(OperationState.OPERATION_UNKNOWN);
      status.setMessage("Reconciliation: Both operation and agent are unknown");
    }
    return status.build();
  }

  private @Nullable UnreachableAgent unreachableAgent(
      @Nullable String agentId, @Nullable Task unreachableTask) {
    if (agentId != null) {
      return master.cluster.unreachableAgent(agentId);
    }
    return unreachableTask == null
        ? null
        : master.cluster.unreachableAgent(unreachableTask.agentId());
  }

  private static TaskStatus.Builder unknown(
      Turn turn,
      Framework framework,
      String taskId,
      @Nullable String agentId,
      TaskState state,
      String message) {
    return Statuses.of(
        turn,
        taskId,
        agentId,
        Statuses.forFramework(framework.capabilities().isPartitionAware(), state),
        TaskStatus.Reason.REASON_RECONCILIATION,
        "Reconciliation: " + message);
  }

  private static void tell(Turn turn, Framework framework, TaskStatus.Builder status) {
    turn.notify(framework, new SchedulerNotice.Update(status.build()));
  }
}
