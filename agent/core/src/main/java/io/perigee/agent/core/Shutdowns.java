package io.perigee.agent.core;

import io.perigee.agent.core.AgentSnapshot.ExecutorKind;
import io.perigee.agent.core.AgentSnapshot.ExecutorState;
import io.perigee.link.DiscardTask;
import io.perigee.link.KillTask;
import io.perigee.link.ShutdownExecutor;
import java.util.List;

/** What ends because somebody else says so: tasks, executors, frameworks, and the agent itself. */
final class Shutdowns {
  /** What an executor's time to end leaves to its tasks is less by this. */
  private static final long EXECUTOR_SHARE_OF_GRACE_NANOS = 2_000_000_000L;

  private final Agent agent;
  private final Connection connection;
  private final Ledger ledger;
  private final ExecutorEnds ends;
  private final OwnTasks own;
  private final CustomExecutors custom;

  Shutdowns(
      Agent agent,
      Connection connection,
      Ledger ledger,
      ExecutorEnds ends,
      OwnTasks own,
      CustomExecutors custom) {
    this.agent = agent;
    this.connection = connection;
    this.ledger = ledger;
    this.ends = ends;
    this.own = own;
    this.custom = custom;
  }

  /** Time between SHUTDOWN and SIGKILL: its own, or else that of the agent's flag. At least 0. */
  static long graceNanos(Agent agent, ExecutorRun executor) {
    return executor.info.hasShutdownGracePeriod()
        ? Math.max(0, executor.info.getShutdownGracePeriod().getNanoseconds())
        : agent.config.executorShutdownGracePeriod().toNanos();
  }

  private long taskGraceNanos(ExecutorRun executor) {
    return Math.max(0, graceNanos(agent, executor) - EXECUTOR_SHARE_OF_GRACE_NANOS);
  }

  // Tasks.

  void kill(Turn turn, KillTask message) {
    FrameworkRun framework = agent.frameworks.get(message.getFrameworkId().getValue());
    TaskRun task = framework == null ? null : framework.tasks.get(message.getTaskId().getValue());
    if (task == null) {
      return; // Over: its last update is on the way and will be repeated until it arrives.
    }
    switch (task.executor.kind) {
      case COMMAND, DEFAULT -> own.kill(turn, message, task);
      case CUSTOM -> custom.kill(turn, message, task);
    }
  }

  /** The master has declared a task over. It is killed, and nothing more is told of it. */
  void discard(Turn turn, DiscardTask message) {
    TaskKey key = new TaskKey(message.getFrameworkId().getValue(), message.getTaskId().getValue());
    FrameworkRun framework = agent.frameworks.get(key.frameworkId());
    TaskRun task = framework == null ? null : framework.tasks.get(key.taskId());
    agent.updates.drop(key);
    if (task != null) {
      discard(turn, task, CommandExecutor.DEFAULT_GRACE_NANOS);
    }
  }

  private void discard(Turn turn, TaskRun task, long graceNanos) {
    ExecutorRun executor = task.executor;
    agent.updates.drop(task.key());
    switch (executor.kind) {
      case COMMAND -> {
        own.discard(turn, task, graceNanos);
        ends.terminated(executor);
        ledger.complete(task);
      }
      case DEFAULT -> {
        own.discard(turn, task, graceNanos);
        ledger.complete(task);
        ends.taskOver(turn, executor);
      }
      case CUSTOM -> {
        custom.discard(turn, task);
        ledger.complete(task);
        custom.resize(turn, executor);
      }
    }
  }

  // Executors and frameworks.

  void shutDown(Turn turn, ShutdownExecutor message) {
    FrameworkRun framework = agent.frameworks.get(message.getFrameworkId().getValue());
    ExecutorRun executor =
        framework == null ? null : framework.executors.get(message.getExecutorId().getValue());
    if (executor != null) {
      shutDown(turn, executor);
    }
  }

  private void shutDown(Turn turn, ExecutorRun executor) {
    if (executor.kind == ExecutorKind.CUSTOM) {
      custom.shutDown(turn, executor);
    } else if (executor.isUsable()) {
      executor.state = ExecutorState.TERMINATING;
      own.shutDown(turn, executor, taskGraceNanos(executor));
    }
  }

  /** Ends all that a framework has here; of its tasks nothing more is told. */
  void shutDownFramework(Turn turn, String frameworkId) {
    FrameworkRun framework = agent.frameworks.get(frameworkId);
    if (framework == null) {
      return;
    }
    framework.isTerminating = true;
    for (ExecutorRun executor : List.copyOf(framework.executors.values())) {
      if (executor.kind == ExecutorKind.CUSTOM) {
        custom.shutDown(turn, executor); // It stays until its container is gone.
      } else {
        ends.terminated(executor);
      }
      for (TaskRun task : List.copyOf(executor.tasks.values())) {
        if (executor.kind != ExecutorKind.CUSTOM) {
          own.discard(turn, task, taskGraceNanos(executor));
        }
        agent.updates.drop(task.key());
        ledger.complete(task);
      }
      ledger.removeIfOver(executor);
    }
  }

  // The agent.

  /** Ends all tasks, and then the agent. */
  void stop(Turn turn) {
    if (agent.isStopping) {
      return;
    }
    agent.isStopping = true;
    for (FrameworkRun framework : agent.frameworks.values()) {
      framework.executors.values().forEach(executor -> shutDown(turn, executor));
    }
    stopIfIdle(turn);
  }

  void stopIfIdle(Turn turn) {
    if (agent.isStopping && agent.containers.isEmpty()) {
      connection.leave(turn);
      turn.command(new AgentCommand.Stop("all tasks have ended"));
    }
  }
}
