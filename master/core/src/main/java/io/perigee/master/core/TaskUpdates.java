package io.perigee.master.core;

import io.perigee.link.Acknowledge;
import io.perigee.link.DiscardTask;
import io.perigee.link.KillTask;
import io.perigee.link.StatusUpdate;
import io.perigee.link.ToAgent;
import io.perigee.master.core.cluster.Agent;
import io.perigee.master.core.cluster.Framework;
import io.perigee.master.core.cluster.Task;
import io.perigee.master.core.cluster.TaskCell;
import io.perigee.master.core.cluster.TaskKey;
import io.perigee.mesos.v1.FrameworkID;
import io.perigee.mesos.v1.KillPolicy;
import io.perigee.mesos.v1.TaskID;
import io.perigee.mesos.v1.TaskState;
import io.perigee.mesos.v1.TaskStatus;
import io.perigee.mesos.v1.scheduler.Call;
import io.perigee.model.TaskStates;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What happens to tasks: updates of agents on their way to frameworks, acknowledgements on their
 * way back, kills, and what the master itself declares. Source: mesos/src/master/master.cpp,
 * statusUpdate, acknowledge, updateTask.
 */
final class TaskUpdates {
  private final Master master;
  private final Reconciliation reconciliation;

  TaskUpdates(Master master, Reconciliation reconciliation) {
    this.master = master;
    this.reconciliation = reconciliation;
  }

  /**
   * An agent tells of a task. It repeats the update until the framework's acknowledgement reaches
   * it.
   */
  void update(Turn turn, Agent agent, StatusUpdate message) {
    master.counters.add("master/messages_status_update");
    Framework framework = master.cluster.framework(message.getFrameworkId().getValue());
    if (framework == null) {
      master.counters.add("master/invalid_status_updates");
      return;
    }
    TaskStatus status = message.getStatus();
    turn.notify(framework, new SchedulerNotice.Update(status));
    TaskCell cell = agent.task(new TaskKey(framework.id(), status.getTaskId().getValue()));
    if (cell == null) {
      // It still reaches the framework, which alone can make the agent stop repeating it.
      master.counters.add("master/invalid_status_updates");
      return;
    }
    master.counters.add("master/valid_status_updates");
    change(turn, cell, status, message.getLatestState());
  }

  private void change(Turn turn, TaskCell cell, TaskStatus status, TaskState latest) {
    boolean wasTerminal = cell.task().isTerminal();
    boolean isNews = isNews(cell.task(), status);
    cell.set(cell.task().after(status, latest));
    if (isNews) {
      turn.publish(new OperatorNotice.TaskUpdated(cell.task(), status));
    }
    if (!wasTerminal && cell.task().isTerminal()) {
      release(cell);
      countEnd(cell.framework(), latest, status);
    }
  }

  /** Whether operators hear of an update: of each new state, and of each result of a check. */
  private static boolean isNews(Task before, TaskStatus status) {
    TaskStatus last = before.lastStatus();
    return last == null
        || last.getState() != status.getState()
        || status.getReason() == TaskStatus.Reason.REASON_TASK_CHECK_STATUS_UPDATED
        || status.getReason() == TaskStatus.Reason.REASON_TASK_HEALTH_CHECK_STATUS_UPDATED;
  }

  private void release(TaskCell cell) {
    if (cell.holdsResources()) {
      cell.resourcesReleased();
      master.allocator.release(
          cell.framework().slot(),
          cell.task().role(),
          cell.agent().slot(),
          cell.task().resources());
    }
  }

  /** Counts a task that the master refused or lost before there was a cell for it. */
  void countEnd(Framework framework, TaskState state, TaskStatus status) {
    framework.counters().terminalTask(state);
    String name = state.name().toLowerCase(Locale.ROOT);
    master.counters.add("master/tasks_" + name.substring("task_".length()));
    master.counters.add(
        "master/" + name + "/" + oldName(status.getSource()) + "/" + oldName(status.getReason()));
  }

  /** Metrics keep the names from before agents were called so. */
  private static String oldName(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace("agent", "slave");
  }

  /** ACKNOWLEDGE: a framework has taken note of an update. */
  void acknowledge(Turn turn, Framework framework, Call.Acknowledge call) {
    master.counters.add("master/messages_status_update_acknowledgement");
    Agent agent = master.cluster.agent(call.getAgentId().getValue());
    if (agent == null || !agent.isConnected()) {
      master.counters.add("master/invalid_status_update_acknowledgements");
      return; // The agent repeats the update when it is back, and the framework its
      // acknowledgement.
    }
    TaskCell cell = agent.task(new TaskKey(framework.id(), call.getTaskId().getValue()));
    if (cell != null
        && TaskStates.isTerminal(cell.task().forwardedState())
        && cell.task().forwardedUuid().equals(call.getUuid())) {
      remove(cell);
    }
    master.counters.add("master/valid_status_update_acknowledgements");
    turn.tell(
        agent,
        ToAgent.newBuilder()
            .setAcknowledge(
                Acknowledge.newBuilder()
                    .setFrameworkId(framework.info().getId())
                    .setTaskId(call.getTaskId())
                    .setUuid(call.getUuid())));
  }

  /** Moves a task that is over to the completed ones. */
  void remove(TaskCell cell) {
    release(cell);
    master.cluster.removeTask(cell);
    cell.framework().complete(cell.task(), master.config.maxCompletedTasksPerFramework());
  }

  /**
   * KILL. A task that nobody knows is reconciled instead, so that the framework learns what became
   * of it.
   */
  void kill(Turn turn, Framework framework, Call.Kill call) {
    master.counters.add("master/messages_kill_task");
    TaskCell cell = framework.task(call.getTaskId().getValue());
    if (cell == null) {
      reconciliation.explain(
          turn,
          framework,
          call.getTaskId().getValue(),
          call.hasAgentId() ? call.getAgentId().getValue() : null);
      return;
    }
    if (call.hasAgentId() && !call.getAgentId().getValue().equals(cell.agent().id())) {
      return;
    }
    kill(turn, cell, call.getKillPolicy());
  }

  /**
   * SHUTDOWN of the executor that an agent made for a command: it has the id of its task and ends
   * with it.
   */
  void killCommand(Turn turn, Framework framework, Call.Shutdown call) {
    TaskCell cell = framework.task(call.getExecutorId().getValue());
    if (cell == null
        || cell.task().executorId() != null
        || !cell.agent().id().equals(call.getAgentId().getValue())) {
      master.counters.add("master/dropped_messages");
      return;
    }
    kill(turn, cell, KillPolicy.getDefaultInstance());
  }

  /** An operator's wish: the same as a framework's, but for a task that is not there. */
  void killForOperator(Turn turn, MasterEvent.OperatorKills event) {
    Framework framework = master.cluster.framework(event.frameworkId());
    TaskCell cell = framework == null ? null : framework.task(event.taskId());
    if (cell == null) {
      turn.answer(
          event.request(),
          404,
          "No task '" + event.taskId() + "' of framework '" + event.frameworkId() + "' is active");
      return;
    }
    kill(turn, cell, KillPolicy.getDefaultInstance());
    turn.accepted(event.request());
  }

  private static void kill(Turn turn, TaskCell cell, KillPolicy policy) {
    if (cell.agent().isConnected()) {
      tellKill(turn, cell, policy);
    } else {
      cell.setPendingKill(policy);
    }
  }

  private static void tellKill(Turn turn, TaskCell cell, KillPolicy policy) {
    turn.tell(
        cell.agent(),
        ToAgent.newBuilder()
            .setKillTask(
                KillTask.newBuilder()
                    .setFrameworkId(frameworkId(cell.framework().id()))
                    .setTaskId(taskId(cell.task().id()))
                    .setKillPolicy(policy)));
  }

  /** Kills what was to be killed while its agent was away. */
  void deliverPendingKill(Turn turn, TaskCell cell) {
    KillPolicy policy = cell.pendingKill();
    if (policy != null) {
      cell.setPendingKill(null);
      tellKill(turn, cell, policy);
    }
  }

  /** What tells an agent that a task it still runs has been declared over. */
  static ToAgent.Builder discard(TaskKey task) {
    return ToAgent.newBuilder()
        .setDiscardTask(
            DiscardTask.newBuilder()
                .setFrameworkId(frameworkId(task.frameworkId()))
                .setTaskId(taskId(task.taskId())));
  }

  /** The master declares a task over, tells the framework and moves it to the completed ones. */
  void end(Turn turn, TaskCell cell, TaskState state, TaskStatus.Reason reason, String message) {
    if (!cell.task().isTerminal()) {
      TaskStatus status = Statuses.of(turn, cell.task(), state, reason, message).build();
      turn.notify(cell.framework(), new SchedulerNotice.Update(status));
      change(turn, cell, status, state);
    }
    remove(cell);
  }

  /** The framework was removed: its tasks are killed without any further word. */
  void endSilently(Turn turn, TaskCell cell, String message) {
    if (!cell.task().isTerminal()) {
      change(turn, cell, killedWithFramework(turn, cell.task(), message), TaskState.TASK_KILLED);
    }
    remove(cell);
  }

  /** The same for its tasks on agents that are away. */
  void endUnreachable(Turn turn, Framework framework, String message) {
    for (Task task : List.copyOf(framework.unreachableTasks())) {
      framework.removeUnreachable(task.id());
      framework.complete(
          task.after(killedWithFramework(turn, task, message), TaskState.TASK_KILLED),
          master.config.maxCompletedTasksPerFramework());
    }
  }

  private static TaskStatus killedWithFramework(Turn turn, Task task, String message) {
    return Statuses.of(
            turn, task, TaskState.TASK_KILLED, TaskStatus.Reason.REASON_FRAMEWORK_REMOVED, message)
        .build();
  }

  /**
   * The task's agent is away for too long. Partition-aware frameworks know that it may come back.
   */
  void loseTouch(Turn turn, TaskCell cell, String message) {
    Framework framework = cell.framework();
    boolean wasTerminal = cell.task().isTerminal();
    TaskState state =
        Statuses.forFramework(
            framework.capabilities().isPartitionAware(), TaskState.TASK_UNREACHABLE);
    TaskStatus status =
        Statuses.of(turn, cell.task(), state, TaskStatus.Reason.REASON_AGENT_REMOVED, message)
            .setUnreachableTime(Statuses.time(turn.nowNanos()))
            .build();
    if (wasTerminal) {
      // Its last update was on the way; the agent tells it again should it ever come back.
      remove(cell);
      return;
    }
    turn.notify(framework, new SchedulerNotice.Update(status));
    change(turn, cell, status, state);
    release(cell);
    master.cluster.removeTask(cell);
    framework.addUnreachable(cell.task(), master.config.maxUnreachableTasksPerFramework());
  }

  /** Tells a framework again what state a task is in that came back with its agent. */
  void tellReturned(Turn turn, Framework framework, Task task, String message) {
    turn.notify(
        framework,
        new SchedulerNotice.Update(
            Statuses.of(
                    turn, task, task.state(), TaskStatus.Reason.REASON_AGENT_REREGISTERED, message)
                .build()));
  }

  /** Tells a framework of a task that never came to be; there is no cell for it. */
  void refuse(
      Turn turn,
      Framework framework,
      String taskId,
      @Nullable String agentId,
      TaskState state,
      TaskStatus.Reason reason,
      String message) {
    TaskStatus status = Statuses.of(turn, taskId, agentId, state, reason, message).build();
    countEnd(framework, state, status);
    turn.notify(framework, new SchedulerNotice.Update(status));
  }

  static FrameworkID frameworkId(String id) {
    return FrameworkID.newBuilder().setValue(id).build();
  }

  static TaskID taskId(String id) {
    return TaskID.newBuilder().setValue(id).build();
  }
}
