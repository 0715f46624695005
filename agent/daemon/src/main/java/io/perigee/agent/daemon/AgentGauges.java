package io.perigee.agent.daemon;

import io.perigee.agent.core.AgentSnapshot;
import io.perigee.mesos.v1.Task;
import io.perigee.mesos.v1.TaskState;
import io.perigee.model.Resources;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What can be told from a snapshot, by Mesos' metric names. Source: mesos/docs/monitoring.md. */
final class AgentGauges {
  private static final String[] RESOURCES = {"cpus", "gpus", "mem", "disk"};
  private static final TaskState[] ACTIVE_STATES = {
    TaskState.TASK_STAGING, TaskState.TASK_STARTING, TaskState.TASK_RUNNING, TaskState.TASK_KILLING
  };

  private AgentGauges() {}

  static Map<String, Double> of(AgentSnapshot snapshot) {
    Map<String, Double> values = new TreeMap<>(snapshot.counters());
    values.put("slave/registered", snapshot.isRegistered() ? 1.0 : 0.0);
    values.put("slave/frameworks_active", (double) snapshot.frameworks().size());
    Map<TaskState, Integer> states = new EnumMap<>(TaskState.class);
    Resources used = Resources.EMPTY;
    int running = 0;
    for (AgentSnapshot.Framework framework : snapshot.frameworks()) {
      for (AgentSnapshot.Executor executor : framework.executors()) {
        running++;
        used = used.plus(executor.resources().unallocated());
        for (Task task : executor.tasks()) {
          states.merge(task.getState(), 1, Integer::sum);
        }
      }
    }
    values.put("slave/executors_running", (double) running);
    for (TaskState state : ACTIVE_STATES) {
      values.put(
          "slave/" + state.name().toLowerCase(Locale.ROOT).replace("task_", "tasks_"),
          (double) states.getOrDefault(state, 0));
    }
    for (String name : RESOURCES) {
      long total = snapshot.total().thousandths(name);
      long inUse = used.thousandths(name);
      values.put("slave/" + name + "_total", total / 1000.0);
      values.put("slave/" + name + "_used", inUse / 1000.0);
      values.put("slave/" + name + "_percent", total == 0 ? 0.0 : (double) inUse / total);
    }
    return values;
  }
}
