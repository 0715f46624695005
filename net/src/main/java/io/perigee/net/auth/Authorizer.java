package io.perigee.net.auth;

import org.jspecify.annotations.Nullable;

/** Decides who may do what. Does not block; any thread may call it. */
@FunctionalInterface
public interface Authorizer {

  /**
   * @param principal null for anonymous
   * @param action in Mesos' spelling, {@code register_frameworks}
   * @param object what it is done to (a role, a user, a path); null where the action has none
   */
  Authorization authorize(@Nullable Principal principal, String action, @Nullable String object);

  static Authorizer permitAll() {
    Authorization allowed = new Authorization.Allowed();
    return (principal, action, object) -> allowed;
  }
}
