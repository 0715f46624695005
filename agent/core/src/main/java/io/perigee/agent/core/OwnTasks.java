package io.perigee.agent.core;

import io.perigee.agent.core.AgentSnapshot.ExecutorKind;
import io.perigee.agent.core.AgentSnapshot.ExecutorState;
import io.perigee.link.KillTask;
import io.perigee.mesos.v1.FrameworkInfo.Capability;
import io.perigee.mesos.v1.KillPolicy;
import io.perigee.mesos.v1.TaskState;
import io.perigee.mesos.v1.TaskStatus;
import java.util.List;

/**
 * Tasks that the agent runs by itself, each in a container of its own: those with a command, and
 * those of task groups. Source: mesos/src/launcher/executor.cpp and default_executor.cpp, with
 * their states and messages.
 */
final class OwnTasks {
  private final Agent agent;
  private final Statuses statuses;
  private final Containers containers;
  private final ExecutorEnds executors;

  OwnTasks(Agent agent, Statuses statuses, Containers containers, ExecutorEnds executors) {
    this.agent = agent;
    this.statuses = statuses;
    this.containers = containers;
    this.executors = executors;
  }

  // Launching.

  void launch(Turn turn, TaskRun task) {
    ExecutorRun executor = task.executor;
    boolean isInGroup = executor.kind == ExecutorKind.DEFAULT;
    String id = isInGroup ? agent.newId() : executor.containerId;
    String directory = isInGroup ? executor.directory + "/containers/" + id : executor.directory;
    ContainerRun container = containers.open(id, directory, executor, task);
    task.container = container;
    if (isInGroup) {
      statuses.tell(turn, task, statuses.ofExecutor(turn, task, TaskState.TASK_STARTING, null));
    } else {
      executor.container = container;
    }
    turn.command(LaunchPlans.ofTask(agent, task, container));
  }

  /** A task that never gets a container. */
  void failLaunch(Turn turn, TaskRun task, String message) {
    agent.count("slave/container_launch_errors");
    over(
        turn,
        task,
        statuses.ofAgent(
            turn,
            task,
            TaskState.TASK_FAILED,
            TaskStatus.Reason.REASON_CONTAINER_LAUNCH_FAILED,
            "Failed to launch container: " + message));
  }

  void started(Turn turn, TaskRun task) {
    if (task.executor.state == ExecutorState.REGISTERING) {
      task.executor.state = ExecutorState.RUNNING;
    }
    TaskGroup group = task.group;
    if (group != null) {
      tellRunning(turn, group);
    } else if (task.fate == TaskRun.Fate.FREE) { // Else its end is on the way.
      statuses.tell(turn, task, statuses.ofExecutor(turn, task, TaskState.TASK_STARTING, null));
      tellRunning(turn, task);
    }
  }

  /** A group runs when all of it does. */
  private void tellRunning(Turn turn, TaskGroup group) {
    for (TaskRun task : group.tasks) {
      if (!task.isOver() && !isRunning(task)) {
        return;
      }
    }
    for (TaskRun task : group.tasks) {
      if (task.state == TaskState.TASK_STARTING && task.fate == TaskRun.Fate.FREE) {
        tellRunning(turn, task);
      }
    }
  }

  private static boolean isRunning(TaskRun task) {
    return task.container != null && task.container.pid != 0;
  }

  private void tellRunning(Turn turn, TaskRun task) {
    statuses.tell(turn, task, statuses.ofExecutor(turn, task, TaskState.TASK_RUNNING, null));
    if (task.info.hasMaxCompletionTime() && task.container != null) {
      agent.timers.set(
          new Timer.CompletionTime(task.container.id),
          turn.after(task.info.getMaxCompletionTime().getNanoseconds()));
    }
  }

  // Ending.

  /** The container of a task never ran. */
  void failed(Turn turn, TaskRun task, String message) {
    if (task.fate == TaskRun.Fate.KILLED) {
      killedEarly(turn, task);
    } else {
      failLaunch(turn, task, message);
    }
  }

  void exited(Turn turn, TaskRun task, ContainerExit exit) {
    if (task.fate == TaskRun.Fate.KILLED && !isRunning(task)) {
      killedEarly(turn, task);
      return;
    }
    if (task.fate == TaskRun.Fate.FREE && task.state == TaskState.TASK_STARTING) {
      tellRunning(turn, task); // It was quicker than the rest of its group.
    }
    over(
        turn,
        task,
        switch (task.fate) {
          case FREE -> TaskEnds.of(statuses, turn, task, exit);
          case KILLED ->
              statuses.ofExecutor(turn, task, TaskState.TASK_KILLED, TaskEnds.text(exit));
          case OVERDUE ->
              statuses
                  .ofExecutor(turn, task, TaskState.TASK_FAILED, TaskEnds.text(exit))
                  .setReason(TaskStatus.Reason.REASON_MAX_COMPLETION_TIME_REACHED);
        });
  }

  private void killedEarly(Turn turn, TaskRun task) {
    over(
        turn,
        task,
        statuses.ofAgent(
            turn,
            task,
            TaskState.TASK_KILLED,
            TaskStatus.Reason.REASON_TASK_KILLED_DURING_LAUNCH,
            "Killed before delivery to the executor"));
  }

  /** Tells the end of a task, and draws it over the rest of its group unless it was a good one. */
  private void over(Turn turn, TaskRun task, TaskStatus.Builder end) {
    if (task.executor.kind == ExecutorKind.COMMAND) {
      executors.terminated(task.executor);
    }
    statuses.tell(turn, task, end);
    TaskGroup group = task.group;
    if (group != null) {
      if (task.state != TaskState.TASK_FINISHED && !group.isEnding) {
        group.isEnding = true;
        group.tasks.forEach(other -> endWithGroup(turn, other));
      }
      tellRunning(turn, group);
      executors.taskOver(turn, task.executor);
    }
  }

  private void endWithGroup(Turn turn, TaskRun task) {
    if (task.isOver()) {
      return;
    }
    if (task.container == null) {
      killedEarly(turn, task);
    } else {
      kill(turn, task, KillPolicy.getDefaultInstance());
    }
  }

  // Killing.

  void kill(Turn turn, KillTask message, TaskRun task) {
    kill(turn, task, message.getKillPolicy());
  }

  /**
   * Ends a task as killed.
   *
   * @param policy goes before that of the task
   */
  private void kill(Turn turn, TaskRun task, KillPolicy policy) {
    ContainerRun container = task.container;
    if (container == null || task.isOver()) {
      return; // Its last update is on the way and will be repeated until it arrives.
    }
    if (task.fate == TaskRun.Fate.FREE) {
      task.fate = TaskRun.Fate.KILLED;
      if (container.pid != 0
          && Statuses.knows(task.executor.framework.info, Capability.Type.TASK_KILLING_STATE)) {
        statuses.tell(turn, task, statuses.ofExecutor(turn, task, TaskState.TASK_KILLING, null));
      }
    }
    containers.terminate(turn, container, graceNanos(policy, task));
  }

  private static long graceNanos(KillPolicy policy, TaskRun task) {
    KillPolicy first = policy.hasGracePeriod() ? policy : task.info.getKillPolicy();
    return first.hasGracePeriod()
        ? first.getGracePeriod().getNanoseconds()
        : CommandExecutor.DEFAULT_GRACE_NANOS;
  }

  void overdue(Turn turn, String containerId) {
    ContainerRun container = agent.containers.get(containerId);
    TaskRun task = container == null ? null : container.task;
    if (container != null && task != null && task.fate == TaskRun.Fate.FREE) {
      task.fate = TaskRun.Fate.OVERDUE;
      containers.terminate(turn, container, graceNanos(KillPolicy.getDefaultInstance(), task));
    }
  }

  /** Ends the tasks of an executor as killed. */
  void shutDown(Turn turn, ExecutorRun executor, long graceNanos) {
    for (TaskRun task : List.copyOf(executor.tasks.values())) {
      ContainerRun container = task.container;
      if (container != null && !task.isOver()) {
        if (task.fate == TaskRun.Fate.FREE) {
          task.fate = TaskRun.Fate.KILLED;
        }
        containers.terminate(turn, container, graceNanos);
      }
    }
  }

  /** Ends the container of a task of which nobody wants to hear any more. */
  void discard(Turn turn, TaskRun task, long graceNanos) {
    ContainerRun container = task.container;
    if (container != null && !container.isDiscarded && agent.containers.containsKey(container.id)) {
      container.isDiscarded = true;
      containers.terminate(turn, container, graceNanos);
    }
  }
}
