package io.perigee.master.core;

import io.perigee.link.Register;
import io.perigee.master.core.cluster.Executor;
import io.perigee.master.core.cluster.Task;
import io.perigee.mesos.v1.ExecutorInfo;
import io.perigee.model.ResourceWire;
import io.perigee.model.Resources;
import io.perigee.model.Roles;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What runs on an agent, as it says itself when it registers. */
record Inventory(List<Task> tasks, List<Executor> executors) {

  /**
   * @param message passed {@code RegistrationValidator}
   */
  static Inventory of(Register message) {
    List<Task> tasks = new ArrayList<>();
    message.getTasksList().forEach(task -> tasks.add(task(task)));
    List<Executor> executors = new ArrayList<>();
    String agentId = message.getAgentInfo().getId().getValue();
    message.getExecutorsList().forEach(info -> executors.add(executor(agentId, info)));
    return new Inventory(tasks, executors);
  }

  private static Task task(io.perigee.mesos.v1.Task running) {
    Resources allocated = ResourceWire.read(running.getResourcesList()).orElseThrow();
    return new Task(
        running.toBuilder().clearResources().clearStatuses().build(),
        running.hasExecutorId() ? running.getExecutorId().getValue() : null,
        role(allocated),
        allocated.unallocated(),
        running.getState(),
        running.hasStatusUpdateState() ? running.getStatusUpdateState() : running.getState(),
        running.getStatusUpdateUuid(),
        List.copyOf(running.getStatusesList()));
  }

  private static Executor executor(String agentId, ExecutorInfo info) {
    Resources allocated = ResourceWire.read(info.getResourcesList()).orElseThrow();
    return new Executor(agentId, info, role(allocated), allocated.unallocated());
  }

  private static String role(Resources allocated) {
    return allocated.byAllocationRole().keySet().stream().findFirst().orElse(Roles.ANY);
  }

  /** What of {@code total} nobody uses, or null if more is in use than there is. */
  @Nullable Resources free(Resources total) {
    Resources free = total;
    for (Task task : tasks) {
      free = free == null || task.isTerminal() ? free : free.tryMinus(task.resources());
    }
    for (Executor executor : executors) {
      free = free == null ? null : free.tryMinus(executor.resources());
    }
    return free;
  }
}
