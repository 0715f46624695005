package io.perigee.agent.fetcher;

/** What is being fetched for one container. Safe for all threads. */
@FunctionalInterface
public interface Fetch {

  /**
   * Gives up at once, unless it is over: the outcome is told as a failure before this returns, and
   * the thread that worked on it stops at its next read or write.
   */
  void cancel();
}
