package io.perigee.agent.core;

import io.perigee.link.ToAgent;
import io.perigee.mesos.v1.executor.Call;

/**
 * What happened to the agent. Links, streams and requests are numbers that the shell gives out,
 * each used once in the life of the process and never 0.
 */
public sealed interface AgentEvent {

  /** The agent begins. The first event of all. */
  record Started() implements AgentEvent {}

  /** {@link AgentCommand.OpenLink} succeeded. */
  record LinkOpened(long link) implements AgentEvent {}

  /** {@link AgentCommand.OpenLink} did not succeed. */
  record LinkFailed() implements AgentEvent {}

  /** A message of the master. */
  record MasterSays(long link, ToAgent message) implements AgentEvent {}

  /** The link is gone, whoever ended it. */
  record LinkClosed(long link) implements AgentEvent {}

  /**
   * The container's command runs.
   *
   * @param pid as the host sees it
   */
  record ContainerStarted(String containerId, long pid) implements AgentEvent {}

  /** The container never ran. */
  record ContainerFailed(String containerId, String message) implements AgentEvent {}

  /** The container ran and is gone, with all its processes. */
  record ContainerExited(String containerId, ContainerExit exit) implements AgentEvent {}

  /**
   * An executor asks for its event stream. The call has passed {@code ExecutorCallValidator}.
   *
   * @param call of type SUBSCRIBE
   */
  record ExecutorSubscribes(long stream, Call call) implements AgentEvent {}

  /** Any other call of an executor; it passed {@code ExecutorCallValidator} too. */
  record ExecutorCalls(long request, Call call) implements AgentEvent {}

  /** The stream's connection is gone, whoever ended it. */
  record ExecutorGone(long stream) implements AgentEvent {}

  /** Somebody wants to read the state. */
  record SnapshotWanted(long request) implements AgentEvent {}

  /** The process is asked to end. */
  record StopWanted() implements AgentEvent {}
}
