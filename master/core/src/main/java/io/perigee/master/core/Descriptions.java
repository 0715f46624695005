package io.perigee.master.core;

import com.google.protobuf.ByteString;
import io.perigee.master.core.cluster.Framework;
import io.perigee.master.core.cluster.Task;
import io.perigee.master.core.validation.CheckValidator;
import io.perigee.mesos.v1.ExecutorInfo;
import io.perigee.mesos.v1.TaskInfo;
import io.perigee.mesos.v1.TaskState;
import io.perigee.model.ResourceWire;
import io.perigee.model.Resources;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the agent gets and what the master keeps of a task that is launched. */
final class Descriptions {
  private Descriptions() {}

  /**
   * A task of LAUNCH with what old frameworks leave out: whose its executor is. Source: accept in
   * mesos/src/master/master.cpp.
   */
  static TaskInfo owned(TaskInfo info, Framework framework) {
    if (!info.hasExecutor() || info.getExecutor().hasFrameworkId()) {
      return info;
    }
    TaskInfo.Builder task = info.toBuilder();
    task.getExecutorBuilder().setFrameworkId(framework.info().getId());
    return task.build();
  }

  /**
   * The task as its agent gets it: with the role its resources are allocated to, and the type of
   * its health check.
   *
   * @param executor as its agent gets it; null for a task with a command of its own
   */
  static TaskInfo complete(
      TaskInfo info, String role, Resources resources, @Nullable ExecutorInfo executor) {
    TaskInfo.Builder task =
        info.toBuilder()
            .clearResources()
            .addAllResources(
                ResourceWire.write(
                    resources.allocatedTo(role), ResourceWire.Format.POST_REFINEMENT));
    if (executor != null) {
      task.setExecutor(executor);
    }
    if (info.hasHealthCheck()) {
      task.getHealthCheckBuilder().setType(CheckValidator.effectiveType(info.getHealthCheck()));
    }
    return task.build();
  }

  /** The task as the master keeps it. */
  static Task task(Framework framework, String role, TaskInfo info, Resources resources) {
    io.perigee.mesos.v1.Task.Builder description =
        io.perigee.mesos.v1.Task.newBuilder()
            .setName(info.getName())
            .setTaskId(info.getTaskId())
            .setFrameworkId(framework.info().getId())
            .setAgentId(info.getAgentId())
            .setState(TaskState.TASK_STAGING)
            .putAllLimits(info.getLimitsMap());
    if (info.hasExecutor()) {
      description.setExecutorId(info.getExecutor().getExecutorId());
    }
    if (info.hasLabels()) {
      description.setLabels(info.getLabels());
    }
    if (info.hasDiscovery()) {
      description.setDiscovery(info.getDiscovery());
    }
    if (info.hasContainer()) {
      description.setContainer(info.getContainer());
    }
    if (info.hasHealthCheck()) {
      description.setHealthCheck(info.getHealthCheck());
    }
    if (info.hasKillPolicy()) {
      description.setKillPolicy(info.getKillPolicy());
    }
    if (info.getCommand().hasUser()) {
      description.setUser(info.getCommand().getUser());
    } else if (info.getExecutor().getCommand().hasUser()) {
      description.setUser(info.getExecutor().getCommand().getUser());
    }
    return new Task(
        description.build(),
        info.hasExecutor() ? info.getExecutor().getExecutorId().getValue() : null,
        role,
        resources,
        TaskState.TASK_STAGING,
        TaskState.TASK_STAGING,
        ByteString.EMPTY,
        List.of());
  }
}
