package io.perigee.agent.containers;

/** How a container's main process ended. */
public sealed interface ExitStatus {

  /**
   * @param code 0 to 255
   */
  record Exited(int code) implements ExitStatus {}

  /**
   * @param signal Linux' number
   */
  record Signaled(int signal, boolean coreDumped) implements ExitStatus {}

  /** It is gone and nobody saw how: its supervisor was killed, or the machine was switched off. */
  record Lost(String reason) implements ExitStatus {}
}
