package io.perigee.master.core;

import io.perigee.link.ShutdownFramework;
import io.perigee.link.ToAgent;
import io.perigee.link.UpdateFramework;
import io.perigee.master.core.allocation.FrameworkProfile;
import io.perigee.master.core.allocation.MinAllocatable;
import io.perigee.master.core.cluster.Agent;
import io.perigee.master.core.cluster.Capabilities;
import io.perigee.master.core.cluster.Executor;
import io.perigee.master.core.cluster.Framework;
import io.perigee.master.core.cluster.Offer;
import io.perigee.master.core.cluster.TaskCell;
import io.perigee.master.core.validation.FrameworkValidator;
import io.perigee.mesos.v1.FrameworkInfo;
import io.perigee.mesos.v1.FrameworkInfo.Capability;
import io.perigee.mesos.v1.OfferFilters;
import io.perigee.mesos.v1.scheduler.Call;
import io.perigee.model.Scalar;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Frameworks come, fail over, go away for a while, and end. Source: mesos/src/master/master.cpp,
 * subscribe, disconnect, failoverFramework, removeFramework.
 */
final class Subscriptions {
  private final Master master;
  private final OfferBook offers;
  private final TaskUpdates updates;
  private final Executors executors;

  Subscriptions(Master master, OfferBook offers, TaskUpdates updates, Executors executors) {
    this.master = master;
    this.offers = offers;
    this.updates = updates;
    this.executors = executors;
  }

  /** SUBSCRIBE: refused by an ERROR event on the stream, never by a status. */
  void subscribe(Turn turn, MasterEvent.SchedulerSubscribes event) {
    Call.Subscribe call = event.call().getSubscribe();
    FrameworkInfo info = withPrincipal(call.getFrameworkInfo(), event.principal());
    Framework known = master.cluster.framework(info.getId().getValue());
    Optional<String> problem =
        FrameworkValidator.problem(info, call.getSuppressedRolesList(), master.config)
            .or(() -> historyProblem(info, known));
    if (problem.isPresent()) {
      turn.notifyStream(event.stream(), new SchedulerNotice.FatalError(problem.get()));
      turn.endStream(event.stream());
      return;
    }
    Framework framework;
    if (known == null) {
      master.counters.add("master/messages_register_framework");
      framework = master.cluster.addFramework(withId(info));
    } else {
      master.counters.add("master/messages_reregister_framework");
      framework = known;
      leaveOldStream(turn, framework);
      framework.update(info);
      tellAgents(turn, framework);
    }
    framework.count(Call.Type.SUBSCRIBE);
    framework.setSuppressedRoles(call.getSuppressedRolesList());
    master.timers.cancel(new Timer.Failover(framework.id()));
    master.cluster.connect(framework, event.stream(), event.streamId(), turn.nowNanos());
    turn.notify(framework, new SchedulerNotice.Subscribed(framework.id()));
    turn.publish(
        known == null
            ? new OperatorNotice.FrameworkAdded(framework.snapshot())
            : new OperatorNotice.FrameworkUpdated(framework.snapshot()));
    wantOffers(framework);
    turn.log(
        "framework "
            + framework.id()
            + " ("
            + framework.info().getName()
            + ") subscribed with roles "
            + framework.roles());
  }

  private static FrameworkInfo withPrincipal(FrameworkInfo info, @Nullable String principal) {
    return principal == null || info.hasPrincipal()
        ? info
        : info.toBuilder().setPrincipal(principal).build();
  }

  private FrameworkInfo withId(FrameworkInfo info) {
    return info.getId().getValue().isEmpty()
        ? info.toBuilder().setId(TaskUpdates.frameworkId(master.newFrameworkId())).build()
        : info;
  }

  private Optional<String> historyProblem(FrameworkInfo info, @Nullable Framework known) {
    if (known == null) {
      return master.cluster.isCompleted(info.getId().getValue())
          ? Optional.of("Framework has been removed")
          : Optional.empty();
    }
    return FrameworkValidator.principalProblem(known.info(), info);
  }

  /** The newer scheduler always wins; the older one learns why its stream ends. */
  private void leaveOldStream(Turn turn, Framework framework) {
    offers.withdrawAll(framework);
    if (framework.isConnected()) {
      long old = framework.stream();
      turn.notifyStream(old, new SchedulerNotice.FatalError("Framework failed over"));
      turn.endStream(old);
    }
  }

  private void tellAgents(Turn turn, Framework framework) {
    for (Agent agent : agentsOf(framework)) {
      turn.tell(
          agent,
          ToAgent.newBuilder()
              .setUpdateFramework(UpdateFramework.newBuilder().setFrameworkInfo(framework.info())));
    }
  }

  /** Where it has tasks or executors. */
  private Set<Agent> agentsOf(Framework framework) {
    Set<Agent> agents = new LinkedHashSet<>();
    framework.tasks().forEach(cell -> agents.add(cell.agent()));
    for (Executor executor : framework.executors()) {
      agents.add(master.cluster.agent(executor));
    }
    return agents;
  }

  /**
   * UPDATE_FRAMEWORK: other roles, other words about itself; its stream stays.
   *
   * @return what is wrong, in which case nothing changes
   */
  Optional<String> update(Turn turn, Framework framework, Call.UpdateFramework call) {
    FrameworkInfo info = call.getFrameworkInfo();
    Optional<String> problem =
        FrameworkValidator.problem(info, call.getSuppressedRolesList(), master.config)
            .map(wrong -> "Supplied FrameworkInfo is not valid: " + wrong)
            .or(() ->
                FrameworkValidator.updateProblem(framework.info(), info)
                    .map(wrong -> "FrameworkInfo update is not valid: " + wrong));
    if (problem.isPresent()) {
      return problem;
    }
    framework.update(info);
    framework.setSuppressedRoles(call.getSuppressedRolesList());
    for (Offer offer : List.copyOf(framework.offers())) {
      if (!framework.roles().contains(offer.role())) {
        offers.rescind(turn, offer);
      }
    }
    wantOffers(framework);
    tellAgents(turn, framework);
    turn.publish(new OperatorNotice.FrameworkUpdated(framework.snapshot()));
    return Optional.empty();
  }

  /** Tells the allocator which roles a framework wants offers for. */
  void wantOffers(Framework framework) {
    master.allocator.setFramework(framework.slot(), profile(framework), framework.offeredRoles());
  }

  private static FrameworkProfile profile(Framework framework) {
    Capabilities capabilities = framework.capabilities();
    Map<String, MinAllocatable> least = new LinkedHashMap<>();
    framework
        .info()
        .getOfferFiltersMap()
        .forEach((role, filters) -> {
          if (filters.hasMinAllocatableResources()) {
            least.put(role, minAllocatable(filters.getMinAllocatableResources()));
          }
        });
    return new FrameworkProfile(
        framework.id(),
        capabilities.has(Capability.Type.GPU_RESOURCES),
        capabilities.has(Capability.Type.SHARED_RESOURCES),
        capabilities.has(Capability.Type.REVOCABLE_RESOURCES),
        capabilities.hasRefinement(),
        least);
  }

  private static MinAllocatable minAllocatable(OfferFilters.MinAllocatableResources message) {
    List<List<MinAllocatable.Quantity>> alternatives = new ArrayList<>();
    for (OfferFilters.ResourceQuantities quantities : message.getQuantitiesList()) {
      List<MinAllocatable.Quantity> alternative = new ArrayList<>();
      quantities
          .getQuantitiesMap()
          .forEach((name, scalar) ->
              alternative.add(
                  new MinAllocatable.Quantity(name, Scalar.of(scalar.getValue()).thousandths())));
      alternatives.add(alternative);
    }
    return new MinAllocatable(alternatives);
  }

  /**
   * REVIVE: forget refusals and suppression, for some roles or all. One wrong role drops the whole
   * call.
   */
  void revive(Framework framework, Collection<String> roles) {
    master.counters.add("master/messages_revive_offers");
    if (!framework.roles().containsAll(roles)) {
      return;
    }
    Collection<String> revived = roles.isEmpty() ? framework.roles() : roles;
    Set<String> suppressed = new LinkedHashSet<>(framework.suppressedRoles());
    suppressed.removeAll(revived);
    framework.setSuppressedRoles(suppressed);
    wantOffers(framework);
    revived.forEach(role -> master.allocator.revive(framework.slot(), role));
  }

  /**
   * SUPPRESS: no more offers until REVIVE, for some roles or all. What is offered stays offered.
   */
  void suppress(Framework framework, Collection<String> roles) {
    master.counters.add("master/messages_suppress_offers");
    if (!framework.roles().containsAll(roles)) {
      return;
    }
    Set<String> suppressed = new LinkedHashSet<>(framework.suppressedRoles());
    suppressed.addAll(roles.isEmpty() ? framework.roles() : roles);
    framework.setSuppressedRoles(suppressed);
    wantOffers(framework);
  }

  /** The stream broke. The framework has its failover timeout to come back. */
  void disconnected(Turn turn, MasterEvent.SchedulerGone event) {
    Framework framework = master.cluster.frameworkOfStream(event.stream());
    if (framework == null) {
      return; // An older stream, or one that was refused.
    }
    master.cluster.disconnect(framework);
    offers.withdrawAll(framework);
    wantOffers(framework);
    turn.log("framework " + framework.id() + " disconnected");
    long timeoutNanos = (long) (Math.max(0, framework.info().getFailoverTimeout()) * 1e9);
    if (timeoutNanos == 0) {
      remove(turn, framework);
    } else {
      master.timers.set(new Timer.Failover(framework.id()), turn.nowNanos() + timeoutNanos);
    }
  }

  void failoverTimedOut(Turn turn, Timer.Failover timer) {
    Framework framework = master.cluster.framework(timer.frameworkId());
    if (framework != null && !framework.isConnected()) {
      remove(turn, framework);
    }
  }

  /**
   * Ends a framework: its tasks are killed, it is told nothing more, its id is not welcome again.
   */
  void remove(Turn turn, Framework framework) {
    master.counters.add("master/messages_unregister_framework");
    offers.withdrawAll(framework);
    Set<Agent> agents = agentsOf(framework);
    for (TaskCell cell : List.copyOf(framework.tasks())) {
      updates.endSilently(turn, cell, "Framework " + framework.id() + " removed");
    }
    updates.endUnreachable(turn, framework, "Framework " + framework.id() + " removed");
    framework.executors().forEach(executors::end);
    for (Agent agent : agents) {
      tellShutdown(turn, agent, framework.id());
    }
    if (framework.isConnected()) {
      turn.endStream(framework.stream());
    }
    master.timers.cancel(new Timer.Failover(framework.id()));
    master.allocator.removeFramework(framework.slot());
    master.cluster.complete(framework, turn.nowNanos(), master.config.maxCompletedFrameworks());
    turn.publish(new OperatorNotice.FrameworkRemoved(framework.info()));
    turn.log("framework " + framework.id() + " removed");
  }

  /** TEARDOWN of the operator API: 200 when nothing of the framework is left here. */
  void tearDownForOperator(Turn turn, MasterEvent.OperatorTearsDown event) {
    Framework framework = master.cluster.framework(event.frameworkId());
    if (framework == null) {
      turn.answer(event.request(), 400, "No framework found with specified ID");
      return;
    }
    remove(turn, framework);
    turn.answer(event.request(), 200, "");
  }

  void tellShutdown(Turn turn, Agent agent, String frameworkId) {
    turn.tell(
        agent,
        ToAgent.newBuilder()
            .setShutdownFramework(
                ShutdownFramework.newBuilder()
                    .setFrameworkId(TaskUpdates.frameworkId(frameworkId))));
  }
}
