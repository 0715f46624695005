package io.perigee.agent.core;

import org.jspecify.annotations.Nullable;

/** A container that was asked for and is not gone yet. Owned by the loop. */
final class ContainerRun {
  final String id;
  final String directory;
  final ExecutorRun executor;

  /** The task that runs in it; null if it is the process of a CUSTOM executor. */
  final @Nullable TaskRun task;

  /** As the host sees it; 0 until its command runs. */
  long pid;

  /** True if nobody wants to hear of its end. */
  boolean isDiscarded;

  boolean isAskedToEnd;

  /** When it gets SIGKILL; {@link Long#MAX_VALUE} while nobody set a limit. */
  long killAtNanos = Long.MAX_VALUE;

  ContainerRun(String id, String directory, ExecutorRun executor, @Nullable TaskRun task) {
    this.id = id;
    this.directory = directory;
    this.executor = executor;
    this.task = task;
  }
}
