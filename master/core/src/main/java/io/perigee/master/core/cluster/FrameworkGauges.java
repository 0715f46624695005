package io.perigee.master.core.cluster;

import io.perigee.mesos.v1.Offer.Operation;
import io.perigee.mesos.v1.TaskState;
import io.perigee.mesos.v1.scheduler.Call;
import io.perigee.mesos.v1.scheduler.Event;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The metrics of one framework, {@code master/frameworks/<name>/<id>/...}: there while the
 * framework is. With no heartbeats among the events, which the core does not send. Source:
 * mesos/src/master/metrics.cpp, FrameworkMetrics.
 */
final class FrameworkGauges {
  private static final List<TaskState> ACTIVE =
      List.of(
          TaskState.TASK_STAGING,
          TaskState.TASK_STARTING,
          TaskState.TASK_RUNNING,
          TaskState.TASK_KILLING,
          TaskState.TASK_UNREACHABLE,
          TaskState.TASK_UNKNOWN);
  private static final List<TaskState> TERMINAL =
      List.of(
          TaskState.TASK_DROPPED,
          TaskState.TASK_ERROR,
          TaskState.TASK_FAILED,
          TaskState.TASK_FINISHED,
          TaskState.TASK_GONE,
          TaskState.TASK_GONE_BY_OPERATOR,
          TaskState.TASK_KILLED,
          TaskState.TASK_LOST);

  private FrameworkGauges() {}

  static void addTo(Map<String, Double> values, FrameworkSnapshot framework) {
    String prefix =
        "master/frameworks/" + encoded(framework.info().getName()) + "/" + framework.id() + "/";
    FrameworkCounters.Snapshot counters = framework.counters();
    values.put(prefix + "subscribed", framework.isConnected() ? 1.0 : 0.0);
    for (String role : framework.roles()) {
      values.put(
          prefix + "roles/" + role + "/suppressed",
          framework.suppressedRoles().contains(role) ? 1.0 : 0.0);
    }
    values.put(prefix + "offers/sent", (double) counters.offersSent());
    values.put(prefix + "offers/accepted", (double) counters.offersAccepted());
    values.put(prefix + "offers/declined", (double) counters.offersDeclined());
    values.put(prefix + "offers/rescinded", (double) counters.offersRescinded());
    values.put(prefix + "calls", sum(counters.calls()));
    for (Call.Type type : Call.Type.values()) {
      if (type != Call.Type.UNKNOWN) {
        values.put(prefix + "calls/" + lower(type), count(counters.calls(), type));
      }
    }
    values.put(prefix + "events", sum(counters.events()));
    for (Event.Type type : Event.Type.values()) {
      if (type != Event.Type.UNKNOWN && type != Event.Type.HEARTBEAT) {
        values.put(prefix + "events/" + lower(type), count(counters.events(), type));
      }
    }
    values.put(prefix + "operations", sum(counters.operations()));
    for (Operation.Type type : Operation.Type.values()) {
      if (type != Operation.Type.UNKNOWN) {
        values.put(prefix + "operations/" + lower(type), count(counters.operations(), type));
      }
    }
    for (TaskState state : ACTIVE) {
      values.put(prefix + "tasks/active/" + lower(state), (double) tasks(framework, state));
    }
    for (TaskState state : TERMINAL) {
      values.put(prefix + "tasks/terminal/" + lower(state), count(counters.terminalTasks(), state));
    }
  }

  /** As libprocess' http::encode, so that a name with slashes stays one part of the path. */
  private static String encoded(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static long tasks(FrameworkSnapshot framework, TaskState state) {
    List<Task> tasks =
        state == TaskState.TASK_UNREACHABLE ? framework.unreachableTasks() : framework.tasks();
    return tasks.stream()
        .filter(task -> state == TaskState.TASK_UNREACHABLE || task.state() == state)
        .count();
  }

  private static double sum(Map<?, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  private static <K> double count(Map<K, Long> counts, K key) {
    return counts.getOrDefault(key, 0L);
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
