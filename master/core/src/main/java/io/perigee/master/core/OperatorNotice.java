package io.perigee.master.core;

import io.perigee.master.core.cluster.AgentSnapshot;
import io.perigee.master.core.cluster.FrameworkSnapshot;
import io.perigee.master.core.cluster.Task;
import io.perigee.mesos.v1.FrameworkInfo;
import io.perigee.mesos.v1.TaskStatus;

/**
 * An event for the subscribers of the operator API, before it becomes a message: that costs time
 * and happens once, on another thread, however many subscribers there are. Source:
 * mesos/include/mesos/v1/master/master.proto, Event.
 */
public sealed interface OperatorNotice {

  /** A task that was launched, or that came with its agent. */
  record TaskAdded(Task task) implements OperatorNotice {}

  /**
   * A status update.
   *
   * @param task after it
   */
  record TaskUpdated(Task task, TaskStatus status) implements OperatorNotice {}

  record AgentAdded(AgentSnapshot agent) implements OperatorNotice {}

  record AgentRemoved(String agentId) implements OperatorNotice {}

  record FrameworkAdded(FrameworkSnapshot framework) implements OperatorNotice {}

  record FrameworkUpdated(FrameworkSnapshot framework) implements OperatorNotice {}

  record FrameworkRemoved(FrameworkInfo framework) implements OperatorNotice {}
}
