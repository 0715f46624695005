package io.perigee.agent.core;

/** What the agent waits for. */
sealed interface Timer {

  /** Time to try to connect. */
  record Connect() implements Timer {}

  /** The master should have said something by now. */
  record MasterSilence() implements Timer {}

  /** An update was not acknowledged in time. */
  record Repeat(TaskKey task) implements Timer {}

  /** A container had its time to end on its own. */
  record Grace(String containerId) implements Timer {}

  /** A task has run for as long as it may. */
  record CompletionTime(String containerId) implements Timer {}

  /** An executor should have subscribed by now. */
  record Registration(String containerId) implements Timer {}

  /** Time to show an executor that its stream works. */
  record Heartbeat(long stream) implements Timer {}

  /** A DEFAULT executor had time to get another group after its last task ended. */
  record LastTask(String frameworkId, String executorId) implements Timer {}
}
