package io.perigee.master.core.validation;

import io.perigee.master.core.MasterConfig;
import io.perigee.master.core.cluster.Capabilities;
import io.perigee.mesos.v1.FrameworkInfo;
import io.perigee.model.Identifiers;
import io.perigee.model.Roles;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a FrameworkInfo may subscribe. Source: mesos/src/master/validation.cpp,
 * framework::validate.
 */
public final class FrameworkValidator {
  /** What fits into 64-bit nanoseconds, about 292 years. */
  private static final double MOST_SECONDS = 9.2e9;

  private FrameworkValidator() {}

  /** What is wrong, in Mesos' words; empty if nothing is. */
  public static Optional<String> problem(
      FrameworkInfo info, Collection<String> suppressedRoles, MasterConfig config) {
    return rolesProblem(info)
        .or(() -> idProblem(info))
        .or(() -> failoverTimeoutProblem(info))
        .or(() -> suppressedProblem(info, suppressedRoles))
        .or(() -> configProblem(info, config));
  }

  @SuppressWarnings("deprecation") // The old role field is what is checked.
  private static Optional<String> rolesProblem(FrameworkInfo info) {
    if (Capabilities.of(info).isMultiRole()) {
      if (info.hasRole()) {
        return Optional.of(
            "'FrameworkInfo.role' must not be set when the framework is MULTI_ROLE capable");
      }
      Set<String> seen = new LinkedHashSet<>();
      Set<String> twice = new LinkedHashSet<>();
      for (String role : info.getRolesList()) {
        if (!seen.add(role)) {
          twice.add(role);
        }
      }
      if (!twice.isEmpty()) {
        return Optional.of(
            "'FrameworkInfo.roles' contains duplicate items: { " + String.join(", ", twice) + " }");
      }
      for (String role : info.getRolesList()) {
        Optional<String> problem = Roles.problem(role);
        if (problem.isPresent()) {
          return Optional.of("'FrameworkInfo.roles' contains invalid role: " + problem.get());
        }
      }
      return Optional.empty();
    }
    if (info.getRolesCount() > 0) {
      return Optional.of(
          "'FrameworkInfo.roles' must not be set when the framework is not MULTI_ROLE capable");
    }
    return Roles.problem(info.getRole())
        .map(problem -> "'FrameworkInfo.role' is not a valid role: " + problem);
  }

  private static Optional<String> idProblem(FrameworkInfo info) {
    return info.getId().getValue().isEmpty()
        ? Optional.empty()
        : Identifiers.problem(info.getId().getValue());
  }

  private static Optional<String> failoverTimeoutProblem(FrameworkInfo info) {
    double seconds = info.getFailoverTimeout();
    return Math.abs(seconds) < MOST_SECONDS
        ? Optional.empty()
        : Optional.of(
            "The framework failover_timeout ("
                + seconds
                + ") is invalid: Argument out of the range that a Duration can represent due to"
                + " int64_t's size limit");
  }

  @SuppressWarnings("deprecation") // Frameworks without MULTI_ROLE still use the old field.
  private static Optional<String> suppressedProblem(
      FrameworkInfo info, Collection<String> suppressedRoles) {
    List<String> roles =
        Capabilities.of(info).isMultiRole() ? info.getRolesList() : List.of(info.getRole());
    for (String role : suppressedRoles) {
      if (!roles.contains(role)) {
        return Optional.of("Suppressed role '" + role + "' is not contained in the list of roles");
      }
    }
    return Optional.empty();
  }

  @SuppressWarnings("deprecation") // Frameworks without MULTI_ROLE still use the old field.
  private static Optional<String> configProblem(FrameworkInfo info, MasterConfig config) {
    if (config.roles() != null) {
      Set<String> foreign =
          new LinkedHashSet<>(
              Capabilities.of(info).isMultiRole() ? info.getRolesList() : List.of(info.getRole()));
      foreign.removeAll(config.roles());
      foreign.remove(Roles.ANY);
      if (!foreign.isEmpty()) {
        return Optional.of(
            "Roles { " + String.join(", ", foreign) + " } are not present in the master's --roles");
      }
    }
    return !config.rootSubmissions() && info.getUser().equals("root")
        ? Optional.of("User 'root' is not allowed to run frameworks without --root_submissions set")
        : Optional.empty();
  }

  /** Whether it stays the same one's. */
  public static Optional<String> principalProblem(FrameworkInfo before, FrameworkInfo after) {
    return before.hasPrincipal() == after.hasPrincipal()
            && before.getPrincipal().equals(after.getPrincipal())
        ? Optional.empty()
        : Optional.of("Changing framework's principal is not allowed.");
  }

  /**
   * Whether a framework may change so without subscribing anew. Source:
   * mesos/src/master/validation.cpp, framework::validateUpdate.
   */
  public static Optional<String> updateProblem(FrameworkInfo before, FrameworkInfo after) {
    return principalProblem(before, after)
        .or(() -> fixed("user", before.getUser(), after.getUser()))
        .or(() ->
            fixed(
                "checkpoint",
                String.valueOf(before.getCheckpoint()),
                String.valueOf(after.getCheckpoint())));
  }

  private static Optional<String> fixed(String field, String before, String after) {
    return before.equals(after)
        ? Optional.empty()
        : Optional.of(
            "Updating 'FrameworkInfo."
                + field
                + "' is unsupported; attempted to update from '"
                + before
                + "' to '"
                + after
                + "'");
  }
}
