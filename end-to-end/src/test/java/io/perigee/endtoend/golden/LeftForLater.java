package io.perigee.endtoend.golden;

import java.util.List;

/** The one table of recordings that are not replayed yet, and why. */
final class LeftForLater {
  private LeftForLater() {}

  /**
   * @param names a name, or what names start with and {@code *}
   */
  record Row(String names, String reason) {
    boolean isOf(String recording) {
      return names.endsWith("*")
          ? recording.startsWith(names.substring(0, names.length() - 1))
          : recording.equals(names);
    }
  }

  private static final String RESERVATIONS = "reservations and volumes";
  private static final String QUOTA = "quota";
  private static final String WEIGHTS = "weights";
  private static final String MAINTENANCE = "maintenance";
  private static final String DRAINING = "draining and deactivation of agents, and agents gone";
  private static final String CONTAINERS = "operators' own containers and sessions";
  private static final String PROVIDERS = "resource providers";
  private static final String IMAGES = "container images";

  static final List<Row> TABLE =
      List.of(
          new Row("auth-*", "authentication and authorisation"),
          new Row("failover-*", "recovery of agents; the registry"),
          new Row("zk-*", "several masters, elected through ZooKeeper"),
          new Row("libprocess-*", "the protocol of drivers from before the HTTP API"),
          new Row("master-reserve_resources*", RESERVATIONS),
          new Row("master-unreserve_resources*", RESERVATIONS),
          new Row("master-create_volumes", RESERVATIONS),
          new Row("master-destroy_volumes", RESERVATIONS),
          new Row("master-grow_volume-unsupported", RESERVATIONS),
          new Row("master-get_agents-with-volume", RESERVATIONS),
          new Row("master-legacy-reserve-post", RESERVATIONS),
          new Row("master-legacy-unreserve-post", RESERVATIONS),
          new Row("master-update_quota*", QUOTA),
          new Row("master-set_quota-legacy", QUOTA),
          new Row("master-remove_quota-legacy", QUOTA),
          new Row("master-get_quota-after", QUOTA),
          new Row("master-pb-get_quota-after", QUOTA),
          new Row("master-get_roles-after-quota", QUOTA),
          new Row("master-legacy-quota", QUOTA),
          new Row("master-update_weights*", WEIGHTS),
          new Row("master-get_weights-after", WEIGHTS),
          new Row("master-legacy-weights*", WEIGHTS),
          new Row("master-update_maintenance_schedule*", MAINTENANCE),
          new Row("master-start_maintenance-unknown", MAINTENANCE),
          new Row("master-stop_maintenance-not-down", MAINTENANCE),
          new Row("master-get_maintenance_schedule-after", MAINTENANCE),
          new Row("master-get_maintenance_status-*", MAINTENANCE),
          new Row("master-deactivate_agent*", DRAINING),
          new Row("master-reactivate_agent*", DRAINING),
          new Row("master-drain_agent*", DRAINING),
          new Row("master-mark_agent_gone*", DRAINING),
          new Row("master-get_agents-after-gone", DRAINING),
          new Row("master-get_agents-deactivated", DRAINING),
          new Row("master-get_agents-drain*", DRAINING),
          new Row("master-legacy-slaves-d*", DRAINING),
          new Row("agent-attach_container_*", CONTAINERS),
          new Row("agent-launch_*", CONTAINERS),
          new Row("agent-kill_*", CONTAINERS),
          new Row("agent-remove_*", CONTAINERS),
          new Row("agent-wait_*", CONTAINERS),
          new Row("agent-session-tty", CONTAINERS),
          new Row("agent-get_containers-nested-session", CONTAINERS),
          new Row("agent-add_resource_provider_config-bad", PROVIDERS),
          new Row("agent-prune_images", IMAGES));
}
