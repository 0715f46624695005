package io.perigee.net.auth;

import org.jspecify.annotations.Nullable;

/** How an attempt to learn who asks ended. */
public sealed interface Authentication {

  /** It is them. */
  record Authenticated(Principal principal) implements Authentication {}

  /** Nobody in particular, and that is permitted. */
  record Anonymous() implements Authentication {}

  /**
   * The request is answered with an empty body of that status.
   *
   * @param status 401 or 403
   * @param challenge the WWW-Authenticate header, such as {@code Basic realm="mesos-master"}; null
   *     for none
   */
  record Refused(int status, @Nullable String challenge) implements Authentication {
    public Refused {
      if (status != 401 && status != 403) {
        throw new IllegalArgumentException("a refusal is 401 or 403, not " + status);
      }
    }
  }
}
