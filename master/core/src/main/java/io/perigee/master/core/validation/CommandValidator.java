package io.perigee.master.core.validation;

import io.perigee.mesos.v1.CommandInfo;
import io.perigee.mesos.v1.Environment;
import io.perigee.mesos.v1.Secret;
import java.util.Optional;

/**
 * Whether a command can be run. Source: mesos/src/common/validation.cpp, validateCommandInfo,
 * validateEnvironment.
 */
final class CommandValidator {
  private CommandValidator() {}

  static Optional<String> problem(CommandInfo command) {
    for (Environment.Variable variable : command.getEnvironment().getVariablesList()) {
      Optional<String> problem = variableProblem(variable);
      if (problem.isPresent()) {
        return problem;
      }
    }
    return command.getValue().indexOf('\0') >= 0
            || command.getArgumentsList().stream().anyMatch(a -> a.indexOf('\0') >= 0)
        ? Optional.of("a command must not contain NUL characters")
        : Optional.empty();
  }

  private static Optional<String> variableProblem(Environment.Variable variable) {
    String name = variable.getName();
    if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
      return Optional.of(
          "Environment variable '" + name + "' has a name that no environment can hold");
    }
    return switch (variable.getType()) {
      case SECRET -> {
        if (!variable.hasSecret()) {
          yield Optional.of(
              "Environment variable '" + name + "' of type 'SECRET' must have a secret set");
        }
        if (variable.hasValue()) {
          yield Optional.of(
              "Environment variable '" + name + "' of type 'SECRET' must not have a value set");
        }
        yield secretProblem(variable.getSecret())
            .map(problem ->
                "Environment variable '" + name + "' specifies an invalid secret: " + problem);
      }
      case VALUE -> {
        if (!variable.hasValue()) {
          yield Optional.of(
              "Environment variable '" + name + "' of type 'VALUE' must have a value set");
        }
        if (variable.hasSecret()) {
          yield Optional.of(
              "Environment variable '" + name + "' of type 'VALUE' must not have a secret set");
        }
        yield variable.getValue().indexOf('\0') >= 0
            ? Optional.of("Environment variable '" + name + "' has a NUL character in its value")
            : Optional.empty();
      }
      case UNKNOWN -> Optional.of("Environment variable of type 'UNKNOWN' is not allowed");
    };
  }

  private static Optional<String> secretProblem(Secret secret) {
    return switch (secret.getType()) {
      case REFERENCE ->
          secret.hasReference() && !secret.hasValue()
              ? Optional.empty()
              : Optional.of("Secret of type REFERENCE must have the 'reference' field set alone");
      case VALUE ->
          secret.hasValue() && !secret.hasReference()
              ? Optional.empty()
              : Optional.of("Secret of type VALUE must have the 'value' field set alone");
      case UNKNOWN -> Optional.of("Secret of type UNKNOWN is not allowed");
    };
  }
}
