package io.perigee.agent.core;

import io.perigee.mesos.v1.Task;
import java.util.List;
import java.util.stream.Stream;

/** Makes what readers see of the agent's state. */
final class Snapshots {
  private Snapshots() {}

  static AgentSnapshot of(Agent agent, long nowNanos) {
    return new AgentSnapshot(
        nowNanos,
        agent.info(),
        LaunchPlans.read(agent.config.info().getResourcesList()),
        agent.registeredLink != 0,
        agent.frameworks.values().stream().map(f -> framework(agent, f)).toList(),
        List.copyOf(agent.completed),
        agent.counterValues());
  }

  static AgentSnapshot.Framework framework(Agent agent, FrameworkRun framework) {
    return new AgentSnapshot.Framework(
        framework.info,
        framework.executors.values().stream().map(e -> executor(agent, e)).toList(),
        List.copyOf(framework.completed));
  }

  static AgentSnapshot.Executor executor(Agent agent, ExecutorRun executor) {
    List<TaskRun> tasks = List.copyOf(executor.tasks.values());
    return new AgentSnapshot.Executor(
        executor.kind,
        executor.state,
        executor.info,
        executor.containerId,
        executor.isOver() ? 0 : executor.pid(),
        executor.directory,
        executor.used(),
        executor.queuedTasks().stream().map(task -> task.info).toList(),
        tasks.stream()
            .filter(task -> !task.isQueued && !task.isOver())
            .map(task -> describe(agent, task))
            .toList(),
        tasks.stream().filter(TaskRun::isOver).map(task -> describe(agent, task)).toList(),
        List.copyOf(executor.completedTasks),
        containers(agent, executor));
  }

  static Task describe(Agent agent, TaskRun task) {
    return task.describe(agent.id, agent.updates.front(task.key()));
  }

  private static List<AgentSnapshot.TaskContainer> containers(Agent agent, ExecutorRun executor) {
    return switch (executor.kind) {
      case COMMAND, CUSTOM -> List.of();
      case DEFAULT ->
          executor.tasks.values().stream()
              .flatMap(task -> Stream.ofNullable(task.container))
              .filter(container -> agent.containers.containsKey(container.id))
              .map(Snapshots::container)
              .toList();
    };
  }

  private static AgentSnapshot.TaskContainer container(ContainerRun container) {
    return new AgentSnapshot.TaskContainer(
        container.task == null ? "" : container.task.id(),
        container.id,
        container.directory,
        container.pid);
  }
}
