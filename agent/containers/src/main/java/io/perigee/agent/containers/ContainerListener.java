package io.perigee.agent.containers;

import io.perigee.agent.containers.ContainerEnd.ExitRecord;

/**
 * Hears of containers, on one thread of the runtime and in the order of events. Must not block: all
 * containers wait for it. Each container ends in exactly one of {@link #launchFailed} and {@link
 * #exited}.
 */
public interface ContainerListener {

  /**
   * The task's program runs: its exec succeeded. Not called for a container that had ended before
   * it was re-attached.
   *
   * @param pid as seen by the host
   */
  void started(ContainerId id, long pid);

  /**
   * Nothing of the container runs or ever ran.
   *
   * @param stage as in {@link ContainerEnd.LaunchFailure}
   * @param message for the task's owner
   */
  void launchFailed(ContainerId id, String stage, String message);

  /** Nothing of the container runs any more. */
  void exited(ContainerId id, ExitRecord record);
}
