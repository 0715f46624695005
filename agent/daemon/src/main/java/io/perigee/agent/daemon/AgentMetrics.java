package io.perigee.agent.daemon;

import io.perigee.agent.core.AgentSnapshot;
import io.perigee.agent.core.AgentSnapshot.ExecutorState;
import io.perigee.mesos.v1.Task;
import io.perigee.mesos.v1.TaskState;
import io.perigee.model.ResourceKey;
import io.perigee.model.Resources;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The agent's metrics, by Mesos' names. Source: mesos/docs/monitoring.md. */
final class AgentMetrics {
  private static final String[] RESOURCES = {"cpus", "gpus", "mem", "disk"};
  private static final TaskState[] ACTIVE_STATES = {
    TaskState.TASK_STAGING, TaskState.TASK_STARTING, TaskState.TASK_RUNNING, TaskState.TASK_KILLING
  };

  /** Of things that cannot happen here, so their number is known. */
  private static final String[] NEVER = {
    "resource_provider_manager/events/disconnect",
    "resource_provider_manager/events/subscribe",
    "resource_provider_manager/subscribed",
    "slave/recovery_errors"
  };

  private final long startNanos = System.nanoTime();
  private final Supplier<Map<String, Double>> ofShell;

  /**
   * @param ofShell what is counted around the core
   */
  AgentMetrics(Supplier<Map<String, Double>> ofShell) {
    this.ofShell = ofShell;
  }

  Map<String, Double> of(AgentSnapshot snapshot) {
    Map<String, Double> values = new TreeMap<>();
    for (String name : NEVER) {
      values.put(name, 0.0);
    }
    values.putAll(snapshot.counters());
    values.putAll(ofShell.get());
    values.put("slave/uptime_secs", (System.nanoTime() - startNanos) / 1e9);
    values.put("slave/registered", snapshot.isRegistered() ? 1.0 : 0.0);
    values.put("slave/frameworks_active", (double) snapshot.frameworks().size());
    Resources used = addRunning(snapshot, values);
    addResources(
        "",
        snapshot.total().filter(key -> !key.isRevocable()),
        used.filter(key -> !key.isRevocable()),
        values);
    addResources(
        "_revocable",
        snapshot.total().filter(ResourceKey::isRevocable),
        used.filter(ResourceKey::isRevocable),
        values);
    return values;
  }

  /** Adds what is counted of executors and their tasks, and returns what they use. */
  private static Resources addRunning(AgentSnapshot snapshot, Map<String, Double> values) {
    Map<ExecutorState, Integer> executors = new EnumMap<>(ExecutorState.class);
    Map<TaskState, Integer> tasks = new EnumMap<>(TaskState.class);
    Resources used = Resources.EMPTY;
    for (AgentSnapshot.Framework framework : snapshot.frameworks()) {
      for (AgentSnapshot.Executor executor : framework.executors()) {
        executors.merge(executor.state(), 1, Integer::sum);
        if (executor.state() != ExecutorState.TERMINATED) {
          used = used.plus(executor.resources().unallocated());
        }
        tasks.merge(TaskState.TASK_STAGING, executor.queuedTasks().size(), Integer::sum);
        for (Task task : executor.launchedTasks()) {
          tasks.merge(task.getState(), 1, Integer::sum);
        }
      }
    }
    for (ExecutorState state : ExecutorState.values()) {
      if (state != ExecutorState.TERMINATED) { // Of these it is a counter of the core.
        values.put(
            "slave/executors_" + state.name().toLowerCase(Locale.ROOT),
            (double) executors.getOrDefault(state, 0));
      }
    }
    for (TaskState state : ACTIVE_STATES) {
      values.put(
          "slave/" + state.name().toLowerCase(Locale.ROOT).replace("task_", "tasks_"),
          (double) tasks.getOrDefault(state, 0));
    }
    return used;
  }

  private static void addResources(
      String suffix, Resources total, Resources used, Map<String, Double> values) {
    for (String name : RESOURCES) {
      long all = total.thousandths(name);
      long inUse = used.thousandths(name);
      values.put("slave/" + name + suffix + "_total", all / 1000.0);
      values.put("slave/" + name + suffix + "_used", inUse / 1000.0);
      values.put("slave/" + name + suffix + "_percent", all == 0 ? 0.0 : (double) inUse / all);
    }
  }
}
