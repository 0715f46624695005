package io.perigee.agent.core;

/** How a container's main process ended. */
public sealed interface ContainerExit {

  /**
   * @param code 0 to 255
   */
  record Exited(int code) implements ContainerExit {}

  /**
   * @param signal its number
   * @param name as strsignal(3) tells it: {@code Killed}
   * @param isCoreDumped whether it left a core
   */
  record Signaled(int signal, String name, boolean isCoreDumped) implements ContainerExit {}

  /** The kernel ended it, or one of its children, because of the container's memory limit. */
  record OutOfMemory() implements ContainerExit {}

  /** Nobody saw how it ended. */
  record Lost(String why) implements ContainerExit {}
}
