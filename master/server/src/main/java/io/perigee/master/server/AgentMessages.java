package io.perigee.master.server;

import io.perigee.master.core.cluster.AgentSnapshot;
import io.perigee.mesos.v1.TimeInfo;
import io.perigee.mesos.v1.master.Response.GetAgents;
import io.perigee.model.ResourceWire;
import io.perigee.model.Resources;

/**
 * Agents as messages of the operator API. Pure. Source: mesos/src/common/protobuf_utils.cpp,
 * createAgentResponse.
 */
final class AgentMessages {
  private AgentMessages() {}

  /**
   * @param allocated what tasks and executors hold, by the roles that hold it
   * @param offered what frameworks have to answer for, by their roles
   */
  static GetAgents.Agent of(AgentSnapshot agent, Resources allocated, Resources offered) {
    GetAgents.Agent.Builder message =
        GetAgents.Agent.newBuilder()
            .setAgentInfo(agent.identity().info())
            .setActive(agent.isActive())
            .setDeactivated(false)
            .setVersion(agent.identity().version())
            .setPid(agent.identity().pid())
            .setRegisteredTime(time(agent.registeredNanos()))
            .addAllTotalResources(write(agent.total()))
            .addAllAllocatedResources(write(allocated))
            .addAllOfferedResources(write(offered))
            .addAllCapabilities(agent.identity().capabilities());
    if (agent.reregisteredNanos() != 0) {
      message.setReregisteredTime(time(agent.reregisteredNanos()));
    }
    return message.build();
  }

  static Iterable<io.perigee.mesos.v1.Resource> write(Resources resources) {
    return ResourceWire.write(resources, ResourceWire.Format.ENDPOINT);
  }

  static TimeInfo time(long nanos) {
    return TimeInfo.newBuilder().setNanoseconds(nanos).build();
  }
}
