package io.perigee.master.server;

import io.perigee.master.core.OperatorNotice;
import io.perigee.mesos.v1.AgentID;
import io.perigee.mesos.v1.master.Event;
import io.perigee.model.Resources;

/**
 * Makes the messages of the operator API's events. Pure. Source:
 * mesos/src/common/protobuf_utils.cpp, namespace master::event, and the recordings.
 */
final class OperatorEvents {
  static final double HEARTBEAT_SECONDS = 15.0;

  static final Event HEARTBEAT = Event.newBuilder().setType(Event.Type.HEARTBEAT).build();

  private OperatorEvents() {}

  static Event of(OperatorNotice notice) {
    Event.Builder event = Event.newBuilder();
    switch (notice) {
      case OperatorNotice.TaskAdded n ->
          event
              .setType(Event.Type.TASK_ADDED)
              .getTaskAddedBuilder()
              .setTask(TaskMessages.of(n.task()));
      case OperatorNotice.TaskUpdated n ->
          event
              .setType(Event.Type.TASK_UPDATED)
              .getTaskUpdatedBuilder()
              .setFrameworkId(n.task().description().getFrameworkId())
              .setStatus(n.status())
              .setState(n.task().state());
      // It is new: what it holds already is told by the TASK_ADDED of its tasks.
      case OperatorNotice.AgentAdded n ->
          event
              .setType(Event.Type.AGENT_ADDED)
              .getAgentAddedBuilder()
              .setAgent(AgentMessages.of(n.agent(), Resources.EMPTY, Resources.EMPTY));
      case OperatorNotice.AgentRemoved n ->
          event
              .setType(Event.Type.AGENT_REMOVED)
              .getAgentRemovedBuilder()
              .setAgentId(AgentID.newBuilder().setValue(n.agentId()));
      case OperatorNotice.FrameworkAdded n ->
          event
              .setType(Event.Type.FRAMEWORK_ADDED)
              .getFrameworkAddedBuilder()
              .setFramework(FrameworkMessages.inEvent(n.framework()));
      case OperatorNotice.FrameworkUpdated n ->
          event
              .setType(Event.Type.FRAMEWORK_UPDATED)
              .getFrameworkUpdatedBuilder()
              .setFramework(FrameworkMessages.inEvent(n.framework()));
      case OperatorNotice.FrameworkRemoved n ->
          event
              .setType(Event.Type.FRAMEWORK_REMOVED)
              .getFrameworkRemovedBuilder()
              .setFrameworkInfo(n.framework());
    }
    return event.build();
  }
}
