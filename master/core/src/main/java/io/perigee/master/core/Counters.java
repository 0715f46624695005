package io.perigee.master.core;

import java.util.Map;
import java.util.TreeMap;

/**
 * What the master counts, by Mesos' metric names (mesos/docs/monitoring.md,
 * mesos/src/master/metrics.cpp). Names that Mesos shows from the start are there from the start.
 */
final class Counters {
  private static final String[] FROM_THE_START = {
    "master/dropped_messages",
    "master/invalid_status_update_acknowledgements",
    "master/invalid_status_updates",
    "master/messages_decline_offers",
    "master/messages_kill_task",
    "master/messages_launch_tasks",
    "master/messages_reconcile_operations",
    "master/messages_reconcile_tasks",
    "master/messages_register_framework",
    "master/messages_register_slave",
    "master/messages_reregister_framework",
    "master/messages_reregister_slave",
    "master/messages_revive_offers",
    "master/messages_status_update",
    "master/messages_status_update_acknowledgement",
    "master/messages_suppress_offers",
    "master/messages_unregister_framework",
    "master/messages_unregister_slave",
    "master/slave_registrations",
    "master/slave_removals",
    "master/slave_removals/reason_registered",
    "master/slave_removals/reason_unhealthy",
    "master/slave_removals/reason_unregistered",
    "master/slave_reregistrations",
    "master/slave_unreachable_canceled",
    "master/slave_unreachable_completed",
    "master/slave_unreachable_scheduled",
    "master/tasks_dropped",
    "master/tasks_error",
    "master/tasks_failed",
    "master/tasks_finished",
    "master/tasks_gone",
    "master/tasks_gone_by_operator",
    "master/tasks_killed",
    "master/tasks_lost",
    "master/valid_status_update_acknowledgements",
    "master/valid_status_updates",
  };

  private final Map<String, Long> counts = new TreeMap<>();

  Counters() {
    for (String name : FROM_THE_START) {
      counts.put(name, 0L);
    }
  }

  void add(String name) {
    counts.merge(name, 1L, Long::sum);
  }

  void addTo(Map<String, Double> metrics) {
    counts.forEach((name, count) -> metrics.put(name, (double) count));
  }
}
