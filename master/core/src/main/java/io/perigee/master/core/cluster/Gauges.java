package io.perigee.master.core.cluster;

import io.perigee.mesos.v1.TaskState;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What can be told from a snapshot, by Mesos' metric names. Source: mesos/docs/monitoring.md.
 * Summed by readers, not by the decision loop.
 */
public final class Gauges {
  private static final TaskState[] ACTIVE_STATES = {
    TaskState.TASK_STAGING, TaskState.TASK_STARTING, TaskState.TASK_RUNNING, TaskState.TASK_KILLING
  };

  private Gauges() {}

  /** Gauges and counters of one moment, sorted by name. */
  public static Map<String, Double> of(ClusterSnapshot snapshot) {
    Map<String, Double> values = new TreeMap<>(snapshot.counters());
    addAgents(snapshot, values);
    addFrameworks(snapshot, values);
    addTasks(snapshot, values);
    ResourceGauges.addTo(values, snapshot);
    snapshot.frameworks().forEach(framework -> FrameworkGauges.addTo(values, framework));
    addPrincipals(snapshot, values);
    return values;
  }

  private static void addAgents(ClusterSnapshot snapshot, Map<String, Double> values) {
    long connected = snapshot.agents().stream().filter(AgentSnapshot::isConnected).count();
    long active = snapshot.agents().stream().filter(AgentSnapshot::isActive).count();
    int all = snapshot.agents().size();
    values.put("master/slaves_connected", (double) connected);
    values.put("master/slaves_disconnected", (double) (all - connected));
    values.put("master/slaves_active", (double) active);
    values.put("master/slaves_inactive", (double) (all - active));
    values.put("master/slaves_unreachable", (double) snapshot.unreachableAgents().size());
  }

  private static void addFrameworks(ClusterSnapshot snapshot, Map<String, Double> values) {
    long connected = snapshot.frameworks().stream().filter(FrameworkSnapshot::isConnected).count();
    long away = snapshot.frameworks().size() - connected;
    values.put("master/frameworks_connected", (double) connected);
    values.put("master/frameworks_disconnected", (double) away);
    values.put("master/frameworks_active", (double) connected);
    values.put("master/frameworks_inactive", (double) away);
    values.put(
        "master/outstanding_offers",
        (double) snapshot.frameworks().stream().mapToInt(f -> f.offers().size()).sum());
  }

  private static void addTasks(ClusterSnapshot snapshot, Map<String, Double> values) {
    Map<TaskState, Integer> states = new EnumMap<>(TaskState.class);
    int unreachable = 0;
    for (FrameworkSnapshot framework : snapshot.frameworks()) {
      unreachable += framework.unreachableTasks().size();
      for (Task task : framework.tasks()) {
        states.merge(task.state(), 1, Integer::sum);
      }
    }
    for (TaskState state : ACTIVE_STATES) {
      values.put(
          "master/" + state.name().toLowerCase(Locale.ROOT).replace("task_", "tasks_"),
          (double) states.getOrDefault(state, 0));
    }
    values.put("master/tasks_unreachable", (double) unreachable);
  }

  /** Mesos counts messages of the old drivers alone here, which this master does not speak. */
  private static void addPrincipals(ClusterSnapshot snapshot, Map<String, Double> values) {
    for (FrameworkSnapshot framework : snapshot.frameworks()) {
      if (framework.info().hasPrincipal()) {
        String prefix = "frameworks/" + framework.info().getPrincipal() + "/messages_";
        values.put(prefix + "processed", 0.0);
        values.put(prefix + "received", 0.0);
      }
    }
  }
}
