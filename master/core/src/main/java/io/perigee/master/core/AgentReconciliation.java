package io.perigee.master.core;

import io.perigee.link.MissingTask;
import io.perigee.master.core.cluster.Agent;
import io.perigee.master.core.cluster.Executor;
import io.perigee.master.core.cluster.Task;
import io.perigee.master.core.cluster.TaskCell;
import io.perigee.master.core.cluster.TaskKey;
import io.perigee.model.Resources;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Brings the master and an agent whose link broke to one opinion about what runs there: the tasks
 * are those of the master until the agent has reported the ones that it misses, the executors those
 * of the agent.
 */
final class AgentReconciliation {
  private final Master master;
  private final Agent agent;
  private final Inventory inventory;
  private final Resources total;

  /** Executors that both know; only looked up. */
  private final Set<Executor> known = Collections.newSetFromMap(new IdentityHashMap<>());

  /** Executors that only the agent knows, of frameworks that live. */
  private final List<Executor> unknown = new ArrayList<>();

  /** Of executors that the agent listed, and that should not be any more. */
  private final Set<String> endedFrameworks = new LinkedHashSet<>();

  /** What is free but for the unknown executors; null if more is in use than there is. */
  private final @Nullable Resources available;

  /**
   * @param total what the agent has from now on
   */
  AgentReconciliation(Master master, Agent agent, Inventory inventory, Resources total) {
    this.master = master;
    this.agent = agent;
    this.inventory = inventory;
    this.total = total;
    for (Executor listed : inventory.executors()) {
      Executor executor = agent.executor(listed.frameworkId(), listed.id());
      if (executor != null) {
        known.add(executor);
      } else if (master.cluster.framework(listed.frameworkId()) != null) {
        unknown.add(listed);
      } else {
        endedFrameworks.add(listed.frameworkId());
      }
    }
    this.available = available();
  }

  private @Nullable Resources available() {
    List<Task> tasks =
        agent.tasks().stream().filter(TaskCell::holdsResources).map(TaskCell::task).toList();
    return new Inventory(tasks, agent.executors().stream().filter(known::contains).toList())
        .free(total);
  }

  /** False if more would be in use than the agent has: then nothing may be changed. */
  boolean fits() {
    return available != null && new Inventory(List.of(), unknown).free(available) != null;
  }

  /**
   * A task that only the master knows never reached the agent, which reports those that are
   * returned; one that only the agent knows has been declared over, and is discarded.
   */
  List<MissingTask> tasks(Turn turn, long link, TaskUpdates updates) {
    Set<TaskKey> running = new LinkedHashSet<>();
    for (Task task : inventory.tasks()) {
      running.add(new TaskKey(task.frameworkId(), task.id()));
    }
    List<MissingTask> missing = new ArrayList<>();
    for (TaskCell cell : List.copyOf(agent.tasks())) {
      if (running.remove(new TaskKey(cell.framework().id(), cell.task().id()))) {
        continue;
      }
      if (cell.task().isTerminal()) {
        updates.remove(cell); // The agent has its acknowledgement, which we passed on.
      } else {
        missing.add(
            MissingTask.newBuilder()
                .setFrameworkInfo(cell.framework().info())
                .setTaskId(cell.task().description().getTaskId())
                .build());
      }
    }
    for (TaskKey unknownTask : running) {
      turn.tellLink(link, TaskUpdates.discard(unknownTask));
    }
    return missing;
  }

  /** Forgets executors that are not there any more, and takes up those that are there. */
  void executors(Turn turn, Executors executors) {
    for (Executor executor : agent.executors()) {
      if (!known.contains(executor)) {
        executors.vanished(turn, executor);
      }
    }
    master.allocator.changeAgent(agent.slot(), total, Objects.requireNonNull(available));
    unknown.forEach(executors::add);
  }

  Set<String> endedFrameworks() {
    return endedFrameworks;
  }
}
