package io.perigee.agent.fetcher;

import java.util.List;

/**
 * The user to whom fetched files are given, and whose rights decide which local files may be
 * fetched.
 *
 * @param groups all of them, the main one included
 */
public record FileOwner(long uid, long gid, List<Long> groups) {
  public FileOwner {
    groups = List.copyOf(groups);
  }
}
