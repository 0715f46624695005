package io.perigee.agent.core;

import io.perigee.mesos.v1.TaskState;
import io.perigee.mesos.v1.TaskStatus;
import io.perigee.mesos.v1.executor.Call;
import java.util.Optional;

/**
 * Whether an executor's call has the parts its type needs. Source: mesos/src/slave/validation.cpp,
 * executor::call::validate.
 */
public final class ExecutorCallValidator {
  private static final int UUID_BYTES = 16;

  private ExecutorCallValidator() {}

  /**
   * What is wrong with a call, in Mesos' words but without its {@code Failed to validate
   * Executor::Call: }; empty if nothing is.
   */
  public static Optional<String> problem(Call call) {
    if (!call.hasType()) {
      return Optional.of("Expecting 'type' to be present");
    }
    return switch (call.getType()) {
      case SUBSCRIBE -> missing(call.hasSubscribe(), "subscribe");
      case UPDATE -> missing(call.hasUpdate(), "update").or(() -> updateProblem(call));
      case MESSAGE -> missing(call.hasMessage(), "message");
      case HEARTBEAT, UNKNOWN -> Optional.empty();
    };
  }

  private static Optional<String> missing(boolean isThere, String name) {
    return isThere ? Optional.empty() : Optional.of("Expecting '" + name + "' to be present");
  }

  private static Optional<String> updateProblem(Call call) {
    TaskStatus status = call.getUpdate().getStatus();
    String executorId = call.getExecutorId().getValue();
    if (!status.hasUuid()) {
      return missing(false, "uuid");
    }
    if (status.getUuid().size() != UUID_BYTES) {
      return Optional.of("Not a valid UUID");
    }
    if (status.hasExecutorId() && !status.getExecutorId().equals(call.getExecutorId())) {
      return Optional.of(
          "ExecutorID in Call: "
              + executorId
              + " does not match ExecutorID in TaskStatus: "
              + status.getExecutorId().getValue());
    }
    String caller = "executor " + executorId + " of framework " + call.getFrameworkId().getValue();
    if (status.getSource() != TaskStatus.Source.SOURCE_EXECUTOR) {
      return Optional.of(
          "Received Call from " + caller + " with invalid source, expecting 'SOURCE_EXECUTOR'");
    }
    return status.getState() == TaskState.TASK_STAGING
        ? Optional.of("Received TASK_STAGING from " + caller + " which is not allowed")
        : Optional.empty();
  }
}
