package io.perigee.master.server;

import io.perigee.master.core.cluster.ClusterSnapshot;
import io.perigee.mesos.v1.AgentID;
import io.perigee.mesos.v1.MachineID;
import io.perigee.mesos.v1.WeightInfo;
import io.perigee.mesos.v1.master.Call;
import io.perigee.net.http.Response;
import io.perigee.protocol.json.MesosJson;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The operator API's calls that would change the cluster and cannot yet. A call that Mesos would
 * refuse is refused in its words, so that clients see the same; all others get 501. Pure.
 */
final class WritesNotBuilt {
  private WritesNotBuilt() {}

  static Response answer(Call call, ClusterSnapshot snapshot) {
    return switch (call.getType()) {
      case DRAIN_AGENT -> unknownOr501(call, call.getDrainAgent().getAgentId(), snapshot);
      case DEACTIVATE_AGENT -> unknownOr501(call, call.getDeactivateAgent().getAgentId(), snapshot);
      case REACTIVATE_AGENT -> unknownOr501(call, call.getReactivateAgent().getAgentId(), snapshot);
      case MARK_AGENT_GONE -> {
        AgentID agent = call.getMarkAgentGone().getAgentId();
        yield isKnown(agent, snapshot)
            ? notBuilt(call)
            : Response.text(404, "Agent '" + agent.getValue() + "' not found");
      }
      case RESERVE_RESOURCES -> onAgent(call, call.getReserveResources().getAgentId(), snapshot);
      case UNRESERVE_RESOURCES ->
          onAgent(call, call.getUnreserveResources().getAgentId(), snapshot);
      case CREATE_VOLUMES -> onAgent(call, call.getCreateVolumes().getAgentId(), snapshot);
      case DESTROY_VOLUMES -> onAgent(call, call.getDestroyVolumes().getAgentId(), snapshot);
      case GROW_VOLUME -> onAgent(call, call.getGrowVolume().getAgentId(), snapshot);
      case SHRINK_VOLUME -> onAgent(call, call.getShrinkVolume().getAgentId(), snapshot);
      case START_MAINTENANCE ->
          unscheduledOr501(call, call.getStartMaintenance().getMachinesList());
      case STOP_MAINTENANCE -> unscheduledOr501(call, call.getStopMaintenance().getMachinesList());
      case UPDATE_WEIGHTS -> weights(call);
      default -> notBuilt(call);
    };
  }

  private static Response notBuilt(Call call) {
    return Response.text(501, call.getType() + " is not built into this master yet");
  }

  private static boolean isKnown(AgentID agent, ClusterSnapshot snapshot) {
    return snapshot.agents().stream().anyMatch(known -> known.id().equals(agent.getValue()));
  }

  private static Response unknownOr501(Call call, AgentID agent, ClusterSnapshot snapshot) {
    return isKnown(agent, snapshot) ? notBuilt(call) : Response.text(400, "Unknown agent");
  }

  private static Response onAgent(Call call, AgentID agent, ClusterSnapshot snapshot) {
    return isKnown(agent, snapshot)
        ? notBuilt(call)
        : Response.text(400, "No agent found with specified ID");
  }

  /** There is no schedule, so no machine is part of it. */
  private static Response unscheduledOr501(Call call, List<MachineID> machines) {
    if (machines.isEmpty()) {
      return notBuilt(call);
    }
    String machine = new String(MesosJson.V1.write(machines.getFirst()), StandardCharsets.UTF_8);
    return Response.text(400, "Machine '" + machine + "' is not part of a maintenance schedule");
  }

  private static Response weights(Call call) {
    for (WeightInfo info : call.getUpdateWeights().getWeightInfosList()) {
      if (!(info.getWeight() > 0)) {
        return Response.text(
            400,
            "Failed to validate update weights request JSON for role '%s': Invalid weight '%s': Weights must be positive"
                .formatted(info.getRole(), text(info.getWeight())));
      }
    }
    return notBuilt(call);
  }

  /** As C++ prints it: {@code -2}, not {@code -2.0}. */
  private static String text(double weight) {
    return weight == Math.rint(weight) && Math.abs(weight) < 1e6
        ? Long.toString((long) weight)
        : Double.toString(weight);
  }
}
