package io.perigee.benchmarks.framework;

import io.perigee.mesos.v1.CommandInfo;
import io.perigee.mesos.v1.Filters;
import io.perigee.mesos.v1.FrameworkInfo;
import io.perigee.mesos.v1.Offer;
import io.perigee.mesos.v1.Resource;
import io.perigee.mesos.v1.TaskID;
import io.perigee.mesos.v1.TaskInfo;
import io.perigee.mesos.v1.TaskStatus;
import io.perigee.mesos.v1.Value;
import io.perigee.mesos.v1.scheduler.Call;
import java.util.List;

/** What frameworks say. */
public final class Messages {
  private Messages() {}

  /** A framework of one role that runs tasks as the user of this process. */
  public static FrameworkInfo framework(String name, String role) {
    return FrameworkInfo.newBuilder()
        .setName(name)
        .setUser(System.getProperty("user.name"))
        .addRoles(role)
        .addCapabilities(
            FrameworkInfo.Capability.newBuilder().setType(FrameworkInfo.Capability.Type.MULTI_ROLE))
        .build();
  }

  /** Takes one offer for some tasks; what they leave may come back at once. */
  public static Call.Builder accept(Offer offer, List<TaskInfo> tasks) {
    return Call.newBuilder()
        .setType(Call.Type.ACCEPT)
        .setAccept(
            Call.Accept.newBuilder()
                .addOfferIds(offer.getId())
                .setFilters(Filters.newBuilder().setRefuseSeconds(0))
                .addOperations(
                    Offer.Operation.newBuilder()
                        .setType(Offer.Operation.Type.LAUNCH)
                        .setLaunch(Offer.Operation.Launch.newBuilder().addAllTaskInfos(tasks))));
  }

  /** Gives an offer back, not to be asked again about its agent for the time given. */
  public static Call.Builder decline(Offer offer, double refuseSeconds) {
    return Call.newBuilder()
        .setType(Call.Type.DECLINE)
        .setDecline(
            Call.Decline.newBuilder()
                .addOfferIds(offer.getId())
                .setFilters(Filters.newBuilder().setRefuseSeconds(refuseSeconds)));
  }

  public static Call.Builder acknowledge(TaskStatus status) {
    return Call.newBuilder()
        .setType(Call.Type.ACKNOWLEDGE)
        .setAcknowledge(
            Call.Acknowledge.newBuilder()
                .setAgentId(status.getAgentId())
                .setTaskId(status.getTaskId())
                .setUuid(status.getUuid()));
  }

  /** Ends the framework. */
  public static Call.Builder teardown() {
    return Call.newBuilder().setType(Call.Type.TEARDOWN);
  }

  /**
   * A task on an offer's agent.
   *
   * @param shell what {@code /bin/sh -c} runs
   */
  public static TaskInfo task(Offer offer, String id, List<Resource> resources, String shell) {
    return TaskInfo.newBuilder()
        .setName(id)
        .setTaskId(TaskID.newBuilder().setValue(id))
        .setAgentId(offer.getAgentId())
        .addAllResources(resources)
        .setCommand(CommandInfo.newBuilder().setValue(shell))
        .build();
  }

  /** Some of what an offer for {@code role} holds. */
  public static List<Resource> cpusAndMem(String role, double cpus, double mem) {
    return List.of(scalar(role, "cpus", cpus), scalar(role, "mem", mem));
  }

  private static Resource scalar(String role, String name, double value) {
    return Resource.newBuilder()
        .setName(name)
        .setType(Value.Type.SCALAR)
        .setScalar(Value.Scalar.newBuilder().setValue(value))
        .setAllocationInfo(Resource.AllocationInfo.newBuilder().setRole(role))
        .build();
  }

  /** How many tasks of this size an offer has room for. */
  public static int room(Offer offer, double cpus, double mem) {
    // The small addition makes 0.3 / 0.1 three.
    return (int) (Math.min(sum(offer, "cpus") / cpus, sum(offer, "mem") / mem) + 1e-6);
  }

  private static double sum(Offer offer, String name) {
    return offer.getResourcesList().stream()
        .filter(r -> r.getName().equals(name))
        .mapToDouble(r -> r.getScalar().getValue())
        .sum();
  }
}
