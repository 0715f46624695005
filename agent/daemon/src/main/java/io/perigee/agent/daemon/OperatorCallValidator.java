package io.perigee.agent.daemon;

import io.perigee.mesos.v1.agent.Call;
import org.jspecify.annotations.Nullable;

/**
 * What a call to the operator API must have. Source: validation::agent::call::validate in
 * mesos/src/slave/validation.cpp.
 */
final class OperatorCallValidator {
  private OperatorCallValidator() {}

  /** What is wrong with a call, in a sentence without its end; null if nothing is. */
  @SuppressWarnings("deprecation") // Calls about nested containers, which old executors still make.
  static @Nullable String problem(Call call) {
    if (!call.hasType()) {
      return "Expecting 'type' to be present";
    }
    return switch (call.getType()) {
      case GET_METRICS -> missing("get_metrics", call.hasGetMetrics());
      case SET_LOGGING_LEVEL -> missing("set_logging_level", call.hasSetLoggingLevel());
      case LIST_FILES -> missing("list_files", call.hasListFiles());
      case READ_FILE -> missing("read_file", call.hasReadFile());
      case LAUNCH_NESTED_CONTAINER ->
          missing("launch_nested_container", call.hasLaunchNestedContainer());
      case WAIT_NESTED_CONTAINER -> missing("wait_nested_container", call.hasWaitNestedContainer());
      case KILL_NESTED_CONTAINER -> missing("kill_nested_container", call.hasKillNestedContainer());
      case REMOVE_NESTED_CONTAINER ->
          missing("remove_nested_container", call.hasRemoveNestedContainer());
      case LAUNCH_NESTED_CONTAINER_SESSION ->
          missing("launch_nested_container_session", call.hasLaunchNestedContainerSession());
      case ATTACH_CONTAINER_INPUT ->
          missing("attach_container_input", call.hasAttachContainerInput());
      case ATTACH_CONTAINER_OUTPUT ->
          missing("attach_container_output", call.hasAttachContainerOutput());
      case LAUNCH_CONTAINER -> missing("launch_container", call.hasLaunchContainer());
      case WAIT_CONTAINER -> missing("wait_container", call.hasWaitContainer());
      case KILL_CONTAINER -> missing("kill_container", call.hasKillContainer());
      case REMOVE_CONTAINER -> missing("remove_container", call.hasRemoveContainer());
      case ADD_RESOURCE_PROVIDER_CONFIG ->
          missing("add_resource_provider_config", call.hasAddResourceProviderConfig());
      case UPDATE_RESOURCE_PROVIDER_CONFIG ->
          missing("update_resource_provider_config", call.hasUpdateResourceProviderConfig());
      case REMOVE_RESOURCE_PROVIDER_CONFIG ->
          missing("remove_resource_provider_config", call.hasRemoveResourceProviderConfig());
      case MARK_RESOURCE_PROVIDER_GONE ->
          missing("mark_resource_provider_gone", call.hasMarkResourceProviderGone());
      case PRUNE_IMAGES -> missing("prune_images", call.hasPruneImages());
      case UNKNOWN,
          GET_HEALTH,
          GET_FLAGS,
          GET_VERSION,
          GET_LOGGING_LEVEL,
          GET_STATE,
          GET_CONTAINERS,
          GET_FRAMEWORKS,
          GET_EXECUTORS,
          GET_OPERATIONS,
          GET_TASKS,
          GET_AGENT,
          GET_RESOURCE_PROVIDERS ->
          null;
    };
  }

  private static @Nullable String missing(String part, boolean isPresent) {
    return isPresent ? null : "Expecting '" + part + "' to be present";
  }
}
