package io.perigee.master.server;

import com.google.protobuf.Message;
import io.perigee.master.core.cluster.AgentIdentity;
import io.perigee.master.core.cluster.AgentSnapshot;
import io.perigee.master.core.cluster.Capabilities;
import io.perigee.master.core.cluster.ClusterSnapshot;
import io.perigee.master.core.cluster.Executor;
import io.perigee.master.core.cluster.Framework;
import io.perigee.master.core.cluster.FrameworkCounters;
import io.perigee.master.core.cluster.FrameworkSnapshot;
import io.perigee.master.core.cluster.Offer;
import io.perigee.master.core.cluster.Task;
import io.perigee.mesos.v1.Resource;
import io.perigee.mesos.v1.master.Response.GetAgents;
import io.perigee.mesos.v1.master.Response.GetExecutors;
import io.perigee.mesos.v1.master.Response.GetFrameworks;
import io.perigee.mesos.v1.master.Response.GetState;
import io.perigee.mesos.v1.master.Response.GetTasks;
import io.perigee.model.ResourceWire;
import io.perigee.model.Resources;
import io.perigee.protocol.Decoded;
import io.perigee.protocol.wire.WireFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a real Mesos told, and the clusters that it must have had in mind. */
final class Recorded {
  private static final FrameworkCounters.Snapshot NO_COUNTERS =
      new FrameworkCounters.Snapshot(Map.of(), Map.of(), Map.of(), Map.of(), 0, 0, 0, 0);

  private Recorded() {}

  /** The text of a fixture, without the line's end. */
  static String text(String name) throws IOException {
    try (InputStream in = Recorded.class.getResourceAsStream("operator/" + name + ".json")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
  }

  static <M extends Message> M parse(String json, M prototype) {
    Decoded<M> decoded = WireFormat.JSON.decode(json.getBytes(StandardCharsets.UTF_8), prototype);
    return ((Decoded.Parsed<M>) decoded).message();
  }

  static ClusterSnapshot cluster(GetState state) {
    List<FrameworkSnapshot> frameworks = new ArrayList<>();
    for (GetFrameworks.Framework framework : state.getGetFrameworks().getFrameworksList()) {
      frameworks.add(framework(framework, state));
    }
    return new ClusterSnapshot(
        1,
        state.getGetAgents().getAgentsList().stream().map(Recorded::agent).toList(),
        state.getGetAgents().getRecoveredAgentsList(),
        List.of(),
        frameworks,
        List.of(),
        Map.of());
  }

  static AgentSnapshot agent(GetAgents.Agent agent) {
    return new AgentSnapshot(
        new AgentIdentity(
            agent.getAgentInfo(),
            agent.getPid().replaceAll(".*@(.*):.*", "$1"),
            agent.getVersion(),
            agent.getCapabilitiesList()),
        resources(agent.getTotalResourcesList()),
        true,
        agent.getActive(),
        agent.getRegisteredTime().getNanoseconds(),
        agent.getReregisteredTime().getNanoseconds());
  }

  static FrameworkSnapshot framework(GetFrameworks.Framework framework, GetState state) {
    GetTasks tasks = state.getGetTasks();
    long registered = framework.getRegisteredTime().getNanoseconds();
    long reregistered = framework.getReregisteredTime().getNanoseconds();
    return new FrameworkSnapshot(
        framework.getFrameworkInfo(),
        Capabilities.of(framework.getFrameworkInfo()),
        Framework.rolesOf(framework.getFrameworkInfo()),
        Set.of(),
        framework.getConnected(),
        framework.getRecovered(),
        registered,
        reregistered == registered ? 0 : reregistered,
        framework.getUnregisteredTime().getNanoseconds(),
        tasks.getTasksList().stream().map(Recorded::task).toList(),
        tasks.getUnreachableTasksList().stream().map(Recorded::task).toList(),
        tasks.getCompletedTasksList().stream().map(Recorded::task).toList(),
        framework.getOffersList().stream().map(Recorded::offer).toList(),
        state.getGetExecutors().getExecutorsList().stream().map(Recorded::executor).toList(),
        NO_COUNTERS);
  }

  static Task task(io.perigee.mesos.v1.Task task) {
    Resources resources = resources(task.getResourcesList());
    return new Task(
        task.toBuilder()
            .clearResources()
            .clearStatuses()
            .clearStatusUpdateState()
            .clearStatusUpdateUuid()
            .build(),
        task.hasExecutorId() ? task.getExecutorId().getValue() : null,
        role(resources),
        resources.unallocated(),
        task.getState(),
        task.getStatusUpdateState(),
        task.getStatusUpdateUuid(),
        task.getStatusesList());
  }

  private static Offer offer(io.perigee.mesos.v1.Offer offer) {
    return new Offer(
        offer.getId().getValue(),
        0,
        0,
        offer.getFrameworkId().getValue(),
        offer.getAgentId().getValue(),
        offer.getAllocationInfo().getRole(),
        resources(offer.getResourcesList()).unallocated());
  }

  private static Executor executor(GetExecutors.Executor executor) {
    Resources resources = resources(executor.getExecutorInfo().getResourcesList());
    return new Executor(
        executor.getAgentId().getValue(),
        executor.getExecutorInfo(),
        role(resources),
        resources.unallocated());
  }

  private static String role(Resources resources) {
    return resources.byAllocationRole().keySet().iterator().next();
  }

  static Resources resources(List<Resource> messages) {
    return ResourceWire.read(messages).orElseThrow();
  }
}
