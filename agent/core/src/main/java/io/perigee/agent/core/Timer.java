package io.perigee.agent.core;

/** What the agent waits for. */
sealed interface Timer {

  /** Time to try to connect. */
  record Connect() implements Timer {}

  /** The master should have said something by now. */
  record MasterSilence() implements Timer {}

  /** An update was not acknowledged in time. */
  record Repeat(TaskKey task) implements Timer {}

  /** A task had its time to end on its own. */
  record Grace(String containerId) implements Timer {}

  /** A task has run for as long as it may. */
  record CompletionTime(String containerId) implements Timer {}
}
