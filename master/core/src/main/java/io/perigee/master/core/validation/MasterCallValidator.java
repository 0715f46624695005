package io.perigee.master.core.validation;

import io.perigee.mesos.v1.master.Call;
import java.util.Optional;

/**
 * Whether an operator's call has the parts its type needs. Source: mesos/src/master/validation.cpp,
 * master::call::validate.
 */
public final class MasterCallValidator {
  private MasterCallValidator() {}

  /**
   * What is wrong with a call, in Mesos' words but without its {@code Failed to validate
   * master::Call: }; empty if nothing is.
   */
  @SuppressWarnings("deprecation") // The old quota calls are part of the wire.
  public static Optional<String> problem(Call call) {
    if (!call.hasType()) {
      return missing(false, "type");
    }
    return switch (call.getType()) {
      case GET_METRICS -> missing(call.hasGetMetrics(), "get_metrics");
      case SET_LOGGING_LEVEL -> missing(call.hasSetLoggingLevel(), "set_logging_level");
      case LIST_FILES -> missing(call.hasListFiles(), "list_files");
      case READ_FILE -> missing(call.hasReadFile(), "read_file");
      case UPDATE_WEIGHTS -> missing(call.hasUpdateWeights(), "update_weights");
      case RESERVE_RESOURCES -> missing(call.hasReserveResources(), "reserve_resources");
      case UNRESERVE_RESOURCES -> missing(call.hasUnreserveResources(), "unreserve_resources");
      case CREATE_VOLUMES -> missing(call.hasCreateVolumes(), "create_volumes");
      case DESTROY_VOLUMES -> missing(call.hasDestroyVolumes(), "destroy_volumes");
      case GROW_VOLUME ->
          missing(call.hasGrowVolume(), "grow_volume")
              .or(() -> missingAgent(call.getGrowVolume().hasAgentId()));
      case SHRINK_VOLUME ->
          missing(call.hasShrinkVolume(), "shrink_volume")
              .or(() -> missingAgent(call.getShrinkVolume().hasAgentId()));
      case UPDATE_MAINTENANCE_SCHEDULE ->
          missing(call.hasUpdateMaintenanceSchedule(), "update_maintenance_schedule");
      case START_MAINTENANCE -> missing(call.hasStartMaintenance(), "start_maintenance");
      case STOP_MAINTENANCE -> missing(call.hasStopMaintenance(), "stop_maintenance");
      case DRAIN_AGENT -> missing(call.hasDrainAgent(), "drain_agent");
      case DEACTIVATE_AGENT -> missing(call.hasDeactivateAgent(), "deactivate_agent");
      case REACTIVATE_AGENT -> missing(call.hasReactivateAgent(), "reactivate_agent");
      case UPDATE_QUOTA -> missing(call.hasUpdateQuota(), "update_quota");
      case SET_QUOTA -> missing(call.hasSetQuota(), "set_quota");
      case REMOVE_QUOTA -> missing(call.hasRemoveQuota(), "remove_quota");
      case TEARDOWN -> missing(call.hasTeardown(), "teardown");
      case MARK_AGENT_GONE -> missing(call.hasMarkAgentGone(), "mark_agent_gone");
      case UNKNOWN,
          GET_HEALTH,
          GET_FLAGS,
          GET_VERSION,
          GET_LOGGING_LEVEL,
          GET_STATE,
          GET_AGENTS,
          GET_FRAMEWORKS,
          GET_EXECUTORS,
          GET_OPERATIONS,
          GET_TASKS,
          GET_ROLES,
          GET_WEIGHTS,
          GET_MASTER,
          SUBSCRIBE,
          GET_MAINTENANCE_STATUS,
          GET_MAINTENANCE_SCHEDULE,
          GET_QUOTA ->
          Optional.empty();
    };
  }

  private static Optional<String> missing(boolean isThere, String name) {
    return isThere ? Optional.empty() : Optional.of("Expecting '" + name + "' to be present");
  }

  private static Optional<String> missingAgent(boolean isThere) {
    return isThere
        ? Optional.empty()
        : Optional.of(
            "Expecting 'agent_id' to be present; only agent default resources are supported right"
                + " now");
  }
}
