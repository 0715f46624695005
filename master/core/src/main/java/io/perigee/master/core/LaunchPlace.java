package io.perigee.master.core;

import io.perigee.master.core.cluster.Agent;
import io.perigee.master.core.cluster.Executor;
import io.perigee.master.core.cluster.Framework;
import io.perigee.master.core.cluster.Task;
import io.perigee.master.core.cluster.TaskCell;
import io.perigee.master.core.validation.LaunchSite;
import io.perigee.model.Resources;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one ACCEPT works on: an agent, and what its operations so far left of the offers there. */
final class LaunchPlace implements LaunchSite {
  final Framework framework;
  final Agent agent;
  private final String role;
  private Resources left;

  LaunchPlace(Framework framework, Agent agent, String role, Resources offered) {
    this.framework = framework;
    this.agent = agent;
    this.role = role;
    this.left = offered;
  }

  void take(Resources resources) {
    left = left.minus(resources);
  }

  @Override
  public String frameworkId() {
    return framework.id();
  }

  @Override
  public String agentId() {
    return agent.id();
  }

  @Override
  public String role() {
    return role;
  }

  @Override
  public Resources offered() {
    return left;
  }

  @Override
  public boolean isTaskActive(String taskId) {
    return framework.task(taskId) != null;
  }

  @Override
  public boolean isTaskUnreachable(String taskId) {
    return framework.unreachableTask(taskId) != null;
  }

  @Override
  public @Nullable Executor executor(String executorId) {
    return agent.executor(framework.id(), executorId);
  }

  @Override
  public List<Task> tasksOf(String executorId) {
    return agent.tasks().stream()
        .filter(cell -> cell.framework().equals(framework))
        .map(TaskCell::task)
        .filter(task -> executorId.equals(task.executorId()))
        .toList();
  }
}
