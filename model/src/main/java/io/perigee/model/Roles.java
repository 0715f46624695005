package io.perigee.model;

import java.util.Optional;

/** Names of roles and their hierarchy. Source: mesos/src/common/roles.cpp. */
public final class Roles {
  /** The role of unreserved resources, and of a framework that names none. */
  public static final String ANY = "*";

  private Roles() {}

  /** What is wrong with a role's name, in Mesos' words; empty if it is valid. */
  public static Optional<String> problem(String role) {
    if (role.equals(ANY)) {
      return Optional.empty();
    }
    if (role.isEmpty()) {
      return Optional.of("Empty role name is invalid");
    }
    if (role.startsWith("/")) {
      return Optional.of("Role '" + role + "' cannot start with a slash");
    }
    if (role.endsWith("/")) {
      return Optional.of("Role '" + role + "' cannot end with a slash");
    }
    for (String component : role.split("/", -1)) {
      Optional<String> problem = componentProblem(role, component);
      if (problem.isPresent()) {
        return problem;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> componentProblem(String role, String component) {
    if (component.isEmpty()) {
      return Optional.of("Role '" + role + "' cannot contain two adjacent slashes");
    }
    if (component.equals(".") || component.equals("..") || component.equals(ANY)) {
      return Optional.of("Role '" + role + "' cannot include '" + component + "' as a component");
    }
    if (component.startsWith("-")) {
      return Optional.of(
          "Role component '" + component + "' is invalid because it begins with a dash");
    }
    for (int i = 0; i < component.length(); i++) {
      char c = component.charAt(i);
      if ((c >= 0x09 && c <= 0x0d) || c == 0x20 || c == 0x7f) {
        return Optional.of(
            "Role component '"
                + component
                + "' is invalid because it contains backspace or whitespace");
      }
    }
    return Optional.empty();
  }

  /** True for {@code a} and {@code a/b}, and for a role and itself. */
  public static boolean isSelfOrAncestor(String ancestor, String role) {
    return role.startsWith(ancestor)
        && (role.length() == ancestor.length() || role.charAt(ancestor.length()) == '/');
  }

  /** True if {@code role} lies strictly below {@code ancestor}. */
  public static boolean isStrictSubrole(String role, String ancestor) {
    return role.length() > ancestor.length() && isSelfOrAncestor(ancestor, role);
  }
}
