package io.perigee.master.core.validation;

import io.perigee.common.Checked;
import io.perigee.mesos.v1.CheckInfo;
import io.perigee.mesos.v1.HealthCheck;
import io.perigee.mesos.v1.TaskInfo;
import io.perigee.model.Identifiers;
import io.perigee.model.Resource;
import io.perigee.model.ResourceWire;
import io.perigee.model.Resources;
import io.perigee.model.Scalar;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a task may be launched with what was offered. Source: mesos/src/master/validation.cpp,
 * task::validate, in its order.
 */
public final class TaskValidator {
  private TaskValidator() {}

  /** What the master knows that a task alone does not say. */
  public interface Surroundings {
    /** The agent of the offers. */
    String agentId();

    /** The role of the offers. */
    String role();

    /** What is left of the offers, held by nobody. */
    Resources offered();

    boolean isTaskActive(String taskId);

    boolean isTaskUnreachable(String taskId);
  }

  /** The task's resources, held by nobody; or what is wrong with the task, in Mesos' words. */
  public static Checked<Resources> validate(TaskInfo task, Surroundings around) {
    Optional<String> problem =
        idProblem(task, around)
            .or(() -> timesProblem(task))
            .or(() -> checksProblem(task))
            .or(() -> commandProblem(task));
    return problem.isPresent()
        ? Checked.invalid(problem.get())
        : resources(task, around).then(resources -> fit(resources, around));
  }

  private static Optional<String> idProblem(TaskInfo task, Surroundings around) {
    String id = task.getTaskId().getValue();
    Optional<String> malformed = Identifiers.problem(id);
    if (malformed.isPresent()) {
      return malformed;
    }
    if (around.isTaskActive(id)) {
      return Optional.of("Task has duplicate ID: " + id);
    }
    if (around.isTaskUnreachable(id)) {
      return Optional.of("Task reuses the ID of an unreachable task: " + id);
    }
    return task.getAgentId().getValue().equals(around.agentId())
        ? Optional.empty()
        : Optional.of(
            "Task uses invalid agent "
                + task.getAgentId().getValue()
                + " while agent "
                + around.agentId()
                + " is expected");
  }

  private static Optional<String> timesProblem(TaskInfo task) {
    if (task.getKillPolicy().getGracePeriod().getNanoseconds() < 0) {
      return Optional.of("Task's 'kill_policy.grace_period' must be non-negative");
    }
    return task.getMaxCompletionTime().getNanoseconds() < 0
        ? Optional.of("Task's `max_completion_time` must be non-negative")
        : Optional.empty();
  }

  private static Optional<String> checksProblem(TaskInfo task) {
    if (task.hasCheck()) {
      Optional<String> problem = checkProblem(task.getCheck());
      if (problem.isPresent()) {
        return Optional.of("Task uses invalid check: " + problem.get());
      }
    }
    return task.hasHealthCheck()
        ? healthCheckProblem(task.getHealthCheck())
            .map(problem -> "Task uses invalid health check: " + problem)
        : Optional.empty();
  }

  private static Optional<String> checkProblem(CheckInfo check) {
    if (!check.hasType()) {
      return Optional.of("CheckInfo must specify 'type'");
    }
    Optional<String> body =
        switch (check.getType()) {
          case COMMAND ->
              check.hasCommand()
                  ? Optional.empty()
                  : Optional.of("Expecting 'command' to be set for COMMAND check");
          case HTTP -> {
            if (!check.hasHttp()) {
              yield Optional.of("Expecting 'http' to be set for HTTP check");
            }
            yield pathProblem(check.getHttp().hasPath(), check.getHttp().getPath(), "HTTP check");
          }
          case TCP ->
              check.hasTcp()
                  ? Optional.empty()
                  : Optional.of("Expecting 'tcp' to be set for TCP check");
          case UNKNOWN -> Optional.of("'UNKNOWN' is not a valid check type");
        };
    return body.or(() ->
        negative(
            check.getDelaySeconds(), check.getIntervalSeconds(), check.getTimeoutSeconds(), 0));
  }

  private static Optional<String> healthCheckProblem(HealthCheck check) {
    if (!check.hasType() && !check.hasCommand() && !check.hasHttp()) {
      return Optional.of("HealthCheck must specify 'type'");
    }
    Optional<String> body =
        switch (effectiveType(check)) {
          case COMMAND ->
              check.hasCommand()
                  ? Optional.empty()
                  : Optional.of("Expecting 'command' to be set for COMMAND health check");
          case HTTP -> {
            if (!check.hasHttp()) {
              yield Optional.of("Expecting 'http' to be set for HTTP health check");
            }
            String scheme = check.getHttp().hasScheme() ? check.getHttp().getScheme() : "http";
            if (!scheme.equals("http") && !scheme.equals("https")) {
              yield Optional.of("Unsupported HTTP health check scheme: '" + scheme + "'");
            }
            yield pathProblem(
                check.getHttp().hasPath(), check.getHttp().getPath(), "HTTP health check");
          }
          case TCP ->
              check.hasTcp()
                  ? Optional.empty()
                  : Optional.of("Expecting 'tcp' to be set for TCP health check");
          case UNKNOWN -> Optional.of("'UNKNOWN' is not a valid health check type");
        };
    return body.or(() ->
        negative(
            check.getDelaySeconds(),
            check.getIntervalSeconds(),
            check.getTimeoutSeconds(),
            check.getGracePeriodSeconds()));
  }

  /** Old frameworks leave the type out; the master fills it in from the part that is there. */
  public static HealthCheck.Type effectiveType(HealthCheck check) {
    if (check.hasType()) {
      return check.getType();
    }
    return check.hasCommand() ? HealthCheck.Type.COMMAND : HealthCheck.Type.HTTP;
  }

  private static Optional<String> pathProblem(boolean isSet, String path, String what) {
    return isSet && !path.startsWith("/")
        ? Optional.of("The path '" + path + "' of " + what + " must start with '/'")
        : Optional.empty();
  }

  private static Optional<String> negative(
      double delay, double interval, double timeout, double grace) {
    if (!(delay >= 0)) {
      return Optional.of("Expecting 'delay_seconds' to be non-negative");
    }
    if (!(interval >= 0)) {
      return Optional.of("Expecting 'interval_seconds' to be non-negative");
    }
    if (!(timeout >= 0)) {
      return Optional.of("Expecting 'timeout_seconds' to be non-negative");
    }
    return grace >= 0
        ? Optional.empty()
        : Optional.of("Expecting 'grace_period_seconds' to be non-negative");
  }

  private static Optional<String> commandProblem(TaskInfo task) {
    if (task.hasCommand() == task.hasExecutor()) {
      return Optional.of(
          "Task should have at least one (but not both) of CommandInfo or ExecutorInfo present");
    }
    return CommandValidator.problem(task.getCommand())
        .map(problem -> "Task's `CommandInfo` is invalid: " + problem)
        .or(() ->
            task.hasContainer()
                ? ContainerValidator.problem(task.getContainer())
                    .map(problem -> "Task's `ContainerInfo` is invalid: " + problem)
                : Optional.empty());
  }

  private static Checked<Resources> resources(TaskInfo task, Surroundings around) {
    if (task.getResourcesCount() == 0) {
      return Checked.invalid("Task uses no resources");
    }
    return switch (ResourceWire.read(task.getResourcesList())) {
      case Checked.Invalid<Resources>(String problem) ->
          Checked.invalid("Task uses invalid resources: " + problem);
      case Checked.Valid<Resources>(Resources resources) -> shape(resources, around);
    };
  }

  private static Checked<Resources> shape(Resources resources, Surroundings around) {
    Set<String> volumes = new HashSet<>();
    Set<String> revocable = new HashSet<>();
    Set<String> lasting = new HashSet<>();
    for (Resource resource : resources) {
      String role = resource.key().allocationRole();
      if (role != null && !role.equals(around.role())) {
        return Checked.invalid(
            "Task uses resources allocated to role '"
                + role
                + "' while role '"
                + around.role()
                + "' is expected");
      }
      if (resource.key().disk() != null
          && resource.key().isPersistentVolume()
          && !volumes.add(
              resource.key().reservationRole()
                  + " "
                  + resource.key().disk().getPersistence().getId())) {
        return Checked.invalid("Task uses duplicate persistence ID");
      }
      (resource.key().isRevocable() ? revocable : lasting).add(resource.key().name());
      if (resource.key().name().equals("gpus")
          && resource.amount() instanceof Scalar gpus
          && gpus.thousandths() % 1000 != 0) {
        return Checked.invalid("The 'gpus' resource must be an unsigned integer");
      }
    }
    revocable.retainAll(lasting);
    return revocable.isEmpty()
        ? Checked.valid(resources.unallocated())
        : Checked.invalid(
            "Task uses both revocable and non-revocable " + String.join(", ", revocable));
  }

  private static Checked<Resources> fit(Resources resources, Surroundings around) {
    return around.offered().contains(resources)
        ? Checked.valid(resources)
        : Checked.invalid(
            "Total resources "
                + resources.allocatedTo(around.role())
                + " required by task and its executor is more than available "
                + around.offered().allocatedTo(around.role()));
  }
}
