package io.perigee.agent.containers;

import java.util.List;

/**
 * A user of this machine, in numbers.
 *
 * @param groups all of them, the main one included
 */
public record UserIdentity(long uid, long gid, List<Long> groups) {
  public UserIdentity {
    groups = List.copyOf(groups);
  }
}
