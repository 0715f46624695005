package io.perigee.master.server;

import io.perigee.master.core.SchedulerNotice.OfferOfAgent;
import io.perigee.master.core.cluster.AgentIdentity;
import io.perigee.master.core.cluster.Capabilities;
import io.perigee.master.core.cluster.ClusterSnapshot;
import io.perigee.master.core.cluster.Executor;
import io.perigee.master.core.cluster.FrameworkSnapshot;
import io.perigee.master.core.cluster.Offer;
import io.perigee.master.core.cluster.Task;
import io.perigee.mesos.v1.AgentID;
import io.perigee.mesos.v1.ExecutorInfo;
import io.perigee.mesos.v1.FrameworkInfo.Capability;
import io.perigee.mesos.v1.TimeInfo;
import io.perigee.mesos.v1.master.Response.GetExecutors;
import io.perigee.mesos.v1.master.Response.GetFrameworks;
import io.perigee.mesos.v1.scheduler.OfferConstraints;
import io.perigee.model.ResourceSum;
import io.perigee.model.ResourceWire;
import io.perigee.model.Resources;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Frameworks of one snapshot as messages of the operator API. Made by and for one reader. Source:
 * mesos/src/master/readonly_handler.cpp, and protobuf_utils.cpp for the form in events.
 */
final class FrameworkMessages {
  /** Offers are shown in the master's own form, whatever their framework can read. */
  private static final Capabilities ALL =
      new Capabilities(
          EnumSet.of(Capability.Type.MULTI_ROLE, Capability.Type.RESERVATION_REFINEMENT));

  private final Map<String, AgentIdentity> agents = new HashMap<>();

  FrameworkMessages(ClusterSnapshot snapshot) {
    snapshot.agents().forEach(agent -> agents.put(agent.id(), agent.identity()));
  }

  /** As GET_FRAMEWORKS shows it. */
  GetFrameworks.Framework of(FrameworkSnapshot framework) {
    GetFrameworks.Framework.Builder message =
        start(framework).setOfferConstraints(OfferConstraints.getDefaultInstance());
    if (framework.registeredNanos() != 0) {
      message
          .setRegisteredTime(AgentMessages.time(framework.registeredNanos()))
          .setReregisteredTime(reregistered(framework));
    }
    if (framework.unregisteredNanos() != 0) {
      message.setUnregisteredTime(AgentMessages.time(framework.unregisteredNanos()));
    }
    Map<String, List<String>> executors =
        framework.executors().stream()
            .collect(
                Collectors.groupingBy(
                    Executor::agentId, Collectors.mapping(Executor::id, Collectors.toList())));
    Resources offered = Resources.EMPTY;
    for (Offer offer : framework.offers()) {
      AgentIdentity agent = agents.get(offer.agentId());
      if (agent != null) {
        List<String> running = executors.getOrDefault(offer.agentId(), List.of());
        message.addOffers(SchedulerEvents.offer(new OfferOfAgent(offer, agent, running), ALL));
      }
      offered = offered.plus(offer.resources().allocatedTo(offer.role()));
    }
    return message
        .addAllAllocatedResources(AgentMessages.write(allocated(framework)))
        .addAllOfferedResources(AgentMessages.write(offered))
        .build();
  }

  /** As FRAMEWORK_ADDED and FRAMEWORK_UPDATED show it: always with three times. */
  static GetFrameworks.Framework inEvent(FrameworkSnapshot framework) {
    return start(framework)
        .setRegisteredTime(AgentMessages.time(framework.registeredNanos()))
        .setReregisteredTime(reregistered(framework))
        .setUnregisteredTime(AgentMessages.time(framework.unregisteredNanos()))
        .build();
  }

  private static GetFrameworks.Framework.Builder start(FrameworkSnapshot framework) {
    return GetFrameworks.Framework.newBuilder()
        .setFrameworkInfo(framework.info())
        .setActive(framework.isActive())
        .setConnected(framework.isConnected())
        .setRecovered(framework.isRecovered());
  }

  /** The time of the first subscription until there is another one. */
  private static TimeInfo reregistered(FrameworkSnapshot framework) {
    return AgentMessages.time(
        framework.reregisteredNanos() == 0
            ? framework.registeredNanos()
            : framework.reregisteredNanos());
  }

  /** What its tasks and executors hold, by the roles that hold it. */
  private static Resources allocated(FrameworkSnapshot framework) {
    Map<String, ResourceSum> byRole = new HashMap<>(); // Only looked up and summed.
    for (Task task : framework.tasks()) {
      if (!task.isTerminal()) {
        byRole.computeIfAbsent(task.role(), role -> new ResourceSum()).add(task.resources());
      }
    }
    for (Executor executor : framework.executors()) {
      byRole.computeIfAbsent(executor.role(), role -> new ResourceSum()).add(executor.resources());
    }
    Resources all = Resources.EMPTY;
    for (Map.Entry<String, ResourceSum> held : byRole.entrySet()) {
      all = all.plus(held.getValue().total().allocatedTo(held.getKey()));
    }
    return all;
  }

  /** As GET_EXECUTORS shows it. */
  static GetExecutors.Executor of(Executor executor) {
    ExecutorInfo info =
        executor.info().toBuilder()
            .clearResources()
            .addAllResources(
                ResourceWire.write(
                    executor.resources().allocatedTo(executor.role()),
                    ResourceWire.Format.POST_REFINEMENT))
            .build();
    return GetExecutors.Executor.newBuilder()
        .setExecutorInfo(info)
        .setAgentId(AgentID.newBuilder().setValue(executor.agentId()))
        .build();
  }
}
