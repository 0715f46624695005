package io.perigee.master.core;

import io.perigee.common.loop.DecisionCore;
import io.perigee.common.loop.Outcome;
import io.perigee.master.core.cluster.Agent;

/** The master's decisions: takes events, hands each to the class that decides about its subject. */
public final class MasterCore implements DecisionCore<MasterEvent, RegistryRecord, MasterCommand> {
  private final Master master;
  private final OfferBook offers;
  private final Subscriptions subscriptions;
  private final SchedulerCalls schedulerCalls;
  private final Membership membership;
  private final TaskUpdates updates;

  public MasterCore(MasterConfig config) {
    master = new Master(config);
    offers = new OfferBook(master);
    Reconciliation reconciliation = new Reconciliation(master);
    updates = new TaskUpdates(master, reconciliation);
    Executors executors = new Executors(master, updates);
    subscriptions = new Subscriptions(master, offers, updates, executors);
    Launching launching = new Launching(master, offers, updates);
    schedulerCalls =
        new SchedulerCalls(
            master, subscriptions, offers, launching, updates, executors, reconciliation);
    membership = new Membership(master, offers, updates, executors, subscriptions);
  }

  @Override
  public void decide(
      long nowNanos, MasterEvent event, Outcome<RegistryRecord, MasterCommand> outcome) {
    Turn turn = new Turn(nowNanos, outcome);
    switch (event) {
      case MasterEvent.Started started -> membership.started(turn);
      case MasterEvent.SchedulerSubscribes subscribes -> subscriptions.subscribe(turn, subscribes);
      case MasterEvent.SchedulerCalls calls -> schedulerCalls.call(turn, calls);
      case MasterEvent.SchedulerGone gone -> subscriptions.disconnected(turn, gone);
      case MasterEvent.AgentRegisters registers -> membership.register(turn, registers);
      case MasterEvent.AgentSays says -> {
        Agent agent = master.cluster.agentOfLink(says.link());
        if (agent == null) {
          master.counters.add("master/dropped_messages");
        } else {
          membership.heard(turn, agent, says.message());
        }
      }
      case MasterEvent.AgentGone gone -> membership.disconnected(turn, gone);
      case MasterEvent.OperatorKills kills -> updates.killForOperator(turn, kills);
      case MasterEvent.OperatorTearsDown tearsDown ->
          subscriptions.tearDownForOperator(turn, tearsDown);
      case MasterEvent.OperatorSubscribes subscribes ->
          turn.openOperatorStream(
              subscribes.stream(), master.cluster.snapshot(nowNanos, master.counterValues()));
      case MasterEvent.SnapshotWanted wanted ->
          turn.deliver(wanted.request(), master.cluster.snapshot(nowNanos, master.counterValues()));
    }
  }

  @Override
  public void wake(long nowNanos, Outcome<RegistryRecord, MasterCommand> outcome) {
    Turn turn = new Turn(nowNanos, outcome);
    for (Timer due = master.timers.pollDue(nowNanos);
        due != null;
        due = master.timers.pollDue(nowNanos)) {
      switch (due) {
        case Timer.Ping ping -> membership.pingDue(turn, ping);
        case Timer.Reregistration reregistration ->
            membership.reregistrationTimedOut(turn, reregistration);
        case Timer.Failover failover -> subscriptions.failoverTimedOut(turn, failover);
        case Timer.OfferTimeout timeout -> offers.expire(turn, timeout);
      }
    }
    if (master.allocator.nextRunNanos() <= nowNanos) {
      offers.allocate(turn);
    }
  }

  @Override
  public void apply(RegistryRecord record) {
    switch (record) {
      case RegistryRecord.AgentAdmitted admitted -> master.cluster.addRecovered(admitted.info());
      case RegistryRecord.AgentRemoved removed -> master.cluster.removeRecovered(removed.agentId());
      case RegistryRecord.AgentUnreachable unreachable ->
          master.cluster.markUnreachable(unreachable.agentId(), unreachable.sinceNanos());
    }
  }

  @Override
  public long nextDeadlineNanos() {
    return Math.min(master.timers.next(), master.allocator.nextRunNanos());
  }

  /** Allocations so far. */
  public long allocationRuns() {
    return master.allocator.runs();
  }

  /** Checks of the state that this core holds; see {@link Audit}. */
  public Audit audit() {
    return new Audit(master);
  }
}
