package io.perigee.protocol.json;

import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.Set;

/**
 * The lists that Mesos writes as {@code []}. Empty lists are left out elsewhere, but the answers to
 * the operator API's big reads are written by hand (readonly_handler.cpp in the master, http.cpp in
 * the agent), and there these lists always appear; so they do in the get_state of an operator's
 * SUBSCRIBED event. It depends on the field alone, never on the call. Each but the agent's
 * executors, frameworks and launched_tasks was recorded empty; those three are written by the same
 * functions.
 */
final class ListsWrittenEmpty {
  private static final Set<String> FULL_NAMES =
      Set.of(
          "mesos.v1.master.Response.GetAgents.agents",
          "mesos.v1.master.Response.GetAgents.recovered_agents",
          "mesos.v1.master.Response.GetExecutors.executors",
          "mesos.v1.master.Response.GetFrameworks.frameworks",
          "mesos.v1.master.Response.GetFrameworks.completed_frameworks",
          "mesos.v1.master.Response.GetTasks.tasks",
          "mesos.v1.master.Response.GetTasks.unreachable_tasks",
          "mesos.v1.master.Response.GetTasks.completed_tasks",
          "mesos.v1.agent.Response.GetExecutors.executors",
          "mesos.v1.agent.Response.GetExecutors.completed_executors",
          "mesos.v1.agent.Response.GetFrameworks.frameworks",
          "mesos.v1.agent.Response.GetFrameworks.completed_frameworks",
          "mesos.v1.agent.Response.GetTasks.pending_tasks",
          "mesos.v1.agent.Response.GetTasks.queued_tasks",
          "mesos.v1.agent.Response.GetTasks.launched_tasks",
          "mesos.v1.agent.Response.GetTasks.terminated_tasks",
          "mesos.v1.agent.Response.GetTasks.completed_tasks");

  private ListsWrittenEmpty() {}

  static boolean contains(FieldDescriptor field) {
    return FULL_NAMES.contains(field.getFullName());
  }
}
