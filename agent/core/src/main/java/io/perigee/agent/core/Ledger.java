package io.perigee.agent.core;

import io.perigee.link.Acknowledge;
import io.perigee.mesos.v1.FrameworkInfo;
import io.perigee.mesos.v1.TaskState;

/** When tasks, executors and frameworks are history, and how much history is kept. */
final class Ledger {
  private final Agent agent;

  Ledger(Agent agent) {
    this.agent = agent;
  }

  /** A framework that was here before is remembered with what it ran then. */
  FrameworkRun open(FrameworkInfo info) {
    return agent.frameworks.computeIfAbsent(info.getId().getValue(), id -> withHistory(info));
  }

  private FrameworkRun withHistory(FrameworkInfo info) {
    FrameworkRun framework = new FrameworkRun(info);
    for (AgentSnapshot.Framework before : agent.completed) {
      if (before.info().getId().equals(info.getId())) {
        framework.completed.addAll(before.completedExecutors());
      }
    }
    agent.completed.removeIf(f -> f.info().getId().equals(info.getId()));
    return framework;
  }

  void acknowledge(Turn turn, Acknowledge message) {
    TaskKey key = new TaskKey(message.getFrameworkId().getValue(), message.getTaskId().getValue());
    if (!agent.updates.acknowledge(turn, agent.registeredLink, key, message.getUuid())) {
      return;
    }
    FrameworkRun framework = agent.frameworks.get(key.frameworkId());
    TaskRun task = framework == null ? null : framework.tasks.get(key.taskId());
    if (task != null && task.isOver()) {
      complete(task);
    }
  }

  /** Nothing is left to tell of a task. One that lives on unheard of is shown as killed. */
  void complete(TaskRun task) {
    if (!task.isOver()) {
      task.state = TaskState.TASK_KILLED;
    }
    ExecutorRun executor = task.executor;
    executor.tasks.remove(task.id());
    executor.framework.tasks.remove(task.id());
    executor.remember(task.describe(agent.id, agent.updates.front(task.key())));
    removeIfOver(executor);
  }

  /** An executor that is gone and of whose tasks all is told becomes history. */
  void removeIfOver(ExecutorRun executor) {
    FrameworkRun framework = executor.framework;
    if (executor.isOver()
        && executor.tasks.isEmpty()
        && framework.executors.remove(executor.id(), executor)) {
      framework.completed.addLast(Snapshots.executor(agent, executor));
      if (framework.completed.size() > agent.config.maxCompletedExecutorsPerFramework()) {
        framework.completed.removeFirst();
      }
      forgetIfIdle(framework);
    }
  }

  void forgetIfIdle(FrameworkRun framework) {
    if (framework.executors.isEmpty() && agent.frameworks.remove(framework.id(), framework)) {
      agent.completed.addLast(Snapshots.framework(agent, framework));
      if (agent.completed.size() > agent.config.maxCompletedFrameworks()) {
        agent.completed.removeFirst();
      }
    }
  }
}
