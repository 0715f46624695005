package io.perigee.master.core;

import java.util.Map;
import java.util.TreeMap;

/**
 * What the master counts, by Mesos' metric names (mesos/docs/monitoring.md,
 * mesos/src/master/metrics.cpp). Names that Mesos shows from the start are there from the start,
 * also of what cannot happen here: nobody authenticates by messages or connects through an old
 * driver, agents tell their resources when they register, and no agent is shut down for its
 * silence.
 */
final class Counters {
  private static final String[] FROM_THE_START = {
    "master/dropped_messages",
    "master/invalid_executor_to_framework_messages",
    "master/invalid_framework_to_executor_messages",
    "master/invalid_operation_status_update_acknowledgements",
    "master/invalid_operation_status_updates",
    "master/invalid_status_update_acknowledgements",
    "master/invalid_status_updates",
    "master/messages_authenticate",
    "master/messages_deactivate_framework",
    "master/messages_decline_offers",
    "master/messages_executor_to_framework",
    "master/messages_exited_executor",
    "master/messages_framework_to_executor",
    "master/messages_kill_task",
    "master/messages_launch_tasks",
    "master/messages_operation_status_update",
    "master/messages_operation_status_update_acknowledgement",
    "master/messages_reconcile_operations",
    "master/messages_reconcile_tasks",
    "master/messages_register_framework",
    "master/messages_register_slave",
    "master/messages_reregister_framework",
    "master/messages_reregister_slave",
    "master/messages_resource_request",
    "master/messages_revive_offers",
    "master/messages_status_update",
    "master/messages_status_update_acknowledgement",
    "master/messages_suppress_offers",
    "master/messages_unregister_framework",
    "master/messages_unregister_slave",
    "master/messages_update_slave",
    "master/recovery_slave_removals",
    "master/slave_registrations",
    "master/slave_removals",
    "master/slave_removals/reason_registered",
    "master/slave_removals/reason_unhealthy",
    "master/slave_removals/reason_unregistered",
    "master/slave_reregistrations",
    "master/slave_shutdowns_canceled",
    "master/slave_shutdowns_completed",
    "master/slave_shutdowns_scheduled",
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
    "master/valid_executor_to_framework_messages",
    "master/valid_framework_to_executor_messages",
    "master/valid_operation_status_update_acknowledgements",
    "master/valid_operation_status_updates",
    "master/valid_status_update_acknowledgements",
    "master/valid_status_updates",
  };

  /** Of which an agent would tell what became of them; none is carried out yet. */
  private static final String[] OPERATIONS = {
    "create",
    "create_disk",
    "destroy",
    "destroy_disk",
    "grow_volume",
    "reserve",
    "shrink_volume",
    "unreserve"
  };

  private static final String[] OPERATION_STATES = {
    "dropped",
    "error",
    "failed",
    "finished",
    "gone_by_operator",
    "pending",
    "recovering",
    "total",
    "unreachable"
  };

  private final Map<String, Long> counts = new TreeMap<>();

  Counters() {
    for (String name : FROM_THE_START) {
      counts.put(name, 0L);
    }
    for (String state : OPERATION_STATES) {
      counts.put("master/operations/" + state, 0L);
      for (String operation : OPERATIONS) {
        counts.put("master/operations/" + operation + "/" + state, 0L);
      }
    }
  }

  void add(String name) {
    counts.merge(name, 1L, Long::sum);
  }

  void addTo(Map<String, Double> metrics) {
    counts.forEach((name, count) -> metrics.put(name, (double) count));
  }
}
