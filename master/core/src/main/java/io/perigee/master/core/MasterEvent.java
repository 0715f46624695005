package io.perigee.master.core;

import io.perigee.link.Register;
import io.perigee.link.ToMaster;
import io.perigee.mesos.v1.scheduler.Call;
import org.jspecify.annotations.Nullable;

/**
 * What happened to the master. Streams, links and requests are numbers that the shell gives out,
 * each used once in the life of the process and never 0.
 */
public sealed interface MasterEvent {

  /** This master leads from now on; the registry has been applied. The first event of all. */
  record Started() implements MasterEvent {}

  /**
   * A framework asks for its event stream. The call has passed {@code SchedulerCallValidator}.
   *
   * @param streamId the Mesos-Stream-Id that the answer will carry
   * @param principal who the scheduler is, or null if nobody in particular
   */
  record SchedulerSubscribes(long stream, String streamId, @Nullable String principal, Call call)
      implements MasterEvent {}

  /**
   * Any other call of a scheduler; it passed {@code SchedulerCallValidator} too.
   *
   * @param streamId the Mesos-Stream-Id header, or null without one
   */
  record SchedulerCalls(
      long request, @Nullable String streamId, @Nullable String principal, Call call)
      implements MasterEvent {}

  /** The stream's connection is gone, whoever ended it. */
  record SchedulerGone(long stream) implements MasterEvent {}

  /** First message of an agent on a new link. */
  record AgentRegisters(long link, @Nullable String principal, Register message)
      implements MasterEvent {}

  /** Any later message of an agent. */
  record AgentSays(long link, ToMaster message) implements MasterEvent {}

  /** The link is gone, whoever ended it. */
  record AgentGone(long link) implements MasterEvent {}

  /** An operator wants a task to end, whatever its framework thinks. */
  record OperatorKills(long request, String frameworkId, String taskId) implements MasterEvent {}

  /** An operator wants a framework to end, and its tasks with it. */
  record OperatorTearsDown(long request, String frameworkId) implements MasterEvent {}

  /** An operator wants to hear of all changes; answered with OpenOperatorStream. */
  record OperatorSubscribes(long stream) implements MasterEvent {}

  /** Somebody wants to read the state. */
  record SnapshotWanted(long request) implements MasterEvent {}
}
