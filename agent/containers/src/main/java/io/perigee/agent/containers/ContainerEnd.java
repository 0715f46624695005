package io.perigee.agent.containers;

/** How a container ended: it ran, or it never did. */
public sealed interface ContainerEnd {

  /**
   * The end of a container that ran.
   *
   * @param exact false: the runtime sees exit codes alone, so a code above 128 may have been signal
   *     code - 128
   * @param oomKilled whether the kernel killed a process of the container because of its memory
   *     limit; not always the main one
   * @param leftProcesses processes that could not be killed (set-user-id programs when the agent is
   *     not root)
   * @param leftCgroups cgroups that could not be removed
   */
  record ExitRecord(
      ExitStatus status,
      boolean exact,
      boolean oomKilled,
      Usage usage,
      int leftProcesses,
      int leftCgroups)
      implements ContainerEnd {

    /** Of a container of which nothing but its end is known. */
    public static ExitRecord lost(String reason) {
      return new ExitRecord(new ExitStatus.Lost(reason), true, false, Usage.UNKNOWN, 0, 0);
    }
  }

  /**
   * It was never started.
   *
   * @param stage the step that failed, one word: {@code exec}, {@code cwd}, {@code user}, …
   * @param message for the task's owner
   */
  record LaunchFailure(String stage, String message) implements ContainerEnd {}

  /**
   * What all processes of a container used together.
   *
   * @param maxRssBytes of its largest process
   * @param startedNanos wall clock, nanoseconds since the epoch; 0: unknown
   * @param endedNanos as {@code startedNanos}
   */
  record Usage(
      long userNanos, long systemNanos, long maxRssBytes, long startedNanos, long endedNanos) {
    public static final Usage UNKNOWN = new Usage(0, 0, 0, 0, 0);
  }
}
