package io.perigee.master.core.validation;

import io.perigee.master.core.cluster.Executor;
import io.perigee.master.core.cluster.Task;
import io.perigee.model.Resources;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where tasks are to be launched: what the master knows that a task alone does not say. */
public interface LaunchSite {
  String frameworkId();

  /** The agent of the offers. */
  String agentId();

  /** The role of the offers. */
  String role();

  /** What is left of the offers, held by nobody. */
  Resources offered();

  boolean isTaskActive(String taskId);

  boolean isTaskUnreachable(String taskId);

  /** The framework's executor of this id on the agent, or null if none runs there. */
  @Nullable Executor executor(String executorId);

  /** Tasks of that executor. */
  List<Task> tasksOf(String executorId);
}
