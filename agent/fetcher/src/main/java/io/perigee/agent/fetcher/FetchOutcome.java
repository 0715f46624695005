package io.perigee.agent.fetcher;

/** How fetching for a container ended. */
public sealed interface FetchOutcome {

  /** Everything is in the sandbox. */
  record Fetched() implements FetchOutcome {}

  /**
   * The container cannot start.
   *
   * @param message for the task's owner, in Mesos' words; without passwords and queries of URIs
   */
  record Failed(String message) implements FetchOutcome {}
}
