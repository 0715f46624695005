package io.perigee.master.core.validation;

import io.perigee.mesos.v1.CheckInfo;
import io.perigee.mesos.v1.HealthCheck;
import io.perigee.mesos.v1.TaskInfo;
import java.util.Optional;

/**
 * Whether a task's check and health check are described wholly. Source:
 * mesos/src/common/validation.cpp, validateCheckInfo and validateHealthCheck.
 */
public final class CheckValidator {
  private CheckValidator() {}

  static Optional<String> problem(TaskInfo task) {
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
}
