package io.perigee.master.core;

import io.perigee.common.Checked;
import io.perigee.common.unit.Durations;
import io.perigee.link.MissingTask;
import io.perigee.link.Ping;
import io.perigee.link.Refused;
import io.perigee.link.Register;
import io.perigee.link.Registered;
import io.perigee.link.ToAgent;
import io.perigee.link.ToMaster;
import io.perigee.master.core.allocation.Allocator.Held;
import io.perigee.master.core.cluster.Agent;
import io.perigee.master.core.cluster.AgentIdentity;
import io.perigee.master.core.cluster.Executor;
import io.perigee.master.core.cluster.Framework;
import io.perigee.master.core.cluster.Task;
import io.perigee.master.core.cluster.TaskCell;
import io.perigee.master.core.cluster.TaskKey;
import io.perigee.master.core.validation.RegistrationValidator;
import io.perigee.mesos.v1.AgentID;
import io.perigee.mesos.v1.AgentInfo;
import io.perigee.mesos.v1.FrameworkInfo;
import io.perigee.mesos.v1.TaskState;
import io.perigee.mesos.v1.TaskStatus;
import io.perigee.model.ResourceWire;
import io.perigee.model.Resources;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Agents join, go silent, come back, and leave.
 *
 * <table>
 * <caption>An agent's states, and what moves it</caption>
 * <tr><th>state</th><th>event</th><th>next</th></tr>
 * <tr><td>unknown</td><td>registers</td><td>active</td></tr>
 * <tr><td>active</td><td>a ping unanswered</td><td>suspected: no offers</td></tr>
 * <tr><td>suspected</td><td>says anything</td><td>active</td></tr>
 * <tr><td>active, suspected</td><td>link broken</td><td>disconnected: no offers</td></tr>
 * <tr><td>suspected</td><td>too many pings unanswered</td><td>unreachable</td></tr>
 * <tr><td>disconnected</td><td>re-registers</td><td>active</td></tr>
 * <tr><td>disconnected, recovered</td><td>not back in time</td><td>unreachable</td></tr>
 * <tr><td>unreachable, recovered</td><td>re-registers</td><td>active</td></tr>
 * <tr><td>active, disconnected</td><td>unregisters, or another at its address</td><td>gone</td></tr>
 * </table>
 *
 * Source: mesos/src/master/master.cpp, registerSlave, reregisterSlave, markUnreachable,
 * removeSlave.
 */
final class Membership {
  private final Master master;
  private final OfferBook offers;
  private final TaskUpdates updates;
  private final Executors executors;
  private final Subscriptions subscriptions;

  Membership(
      Master master,
      OfferBook offers,
      TaskUpdates updates,
      Executors executors,
      Subscriptions subscriptions) {
    this.master = master;
    this.offers = offers;
    this.updates = updates;
    this.executors = executors;
    this.subscriptions = subscriptions;
  }

  // Joining.

  void register(Turn turn, MasterEvent.AgentRegisters event) {
    Register message = event.message();
    Optional<String> nonsense = RegistrationValidator.problem(message);
    if (nonsense.isPresent()) {
      refuse(turn, event.link(), "Agent's registration is invalid: " + nonsense.get(), false);
      return;
    }
    switch (ResourceWire.read(message.getAgentInfo().getResourcesList())) {
      case Checked.Invalid<Resources>(String problem) ->
          refuse(turn, event.link(), "Agent uses invalid resources: " + problem, false);
      case Checked.Valid<Resources>(Resources total) -> {
        if (message.getAgentInfo().hasId()) {
          registerAgain(turn, event.link(), message, total);
        } else {
          registerNew(turn, event.link(), message, total);
        }
      }
    }
  }

  private static void refuse(Turn turn, long link, String reason, boolean shutdown) {
    turn.tellLink(
        link,
        ToAgent.newBuilder()
            .setRefused(Refused.newBuilder().setMessage(reason).setShutdown(shutdown)));
    turn.endLink(link, reason);
  }

  private void registerNew(Turn turn, long link, Register message, Resources total) {
    master.counters.add("master/messages_register_slave");
    Agent other = master.cluster.agentAt(pid(message));
    if (other != null) {
      // Only one process can listen there, so the one known before is dead.
      remove(
          turn,
          other,
          "a new agent registered at the same address",
          "master/slave_removals/reason_registered");
    }
    AgentInfo info =
        message.getAgentInfo().toBuilder()
            .setId(AgentID.newBuilder().setValue(master.newAgentId()))
            .build();
    master.counters.add("master/slave_registrations");
    Agent agent = admit(turn, identity(info, message), message, total, List.of());
    welcome(turn, agent, link, List.of());
    turn.publish(new OperatorNotice.AgentAdded(agent.snapshot()));
    turn.log("agent " + agent.id() + " at " + agent.identity().pid() + " registered with " + total);
  }

  private static String pid(Register message) {
    return identity(message.getAgentInfo(), message).pid();
  }

  private static AgentIdentity identity(AgentInfo info, Register message) {
    return new AgentIdentity(
        info, message.getIp(), message.getVersion(), List.copyOf(message.getCapabilitiesList()));
  }

  private Agent admit(
      Turn turn, AgentIdentity identity, Register message, Resources total, List<Held> held) {
    turn.record(new RegistryRecord.AgentAdmitted(identity.info()));
    Agent agent = master.cluster.addAgent(identity, message.getProcessId(), total);
    master.allocator.addAgent(agent.slot(), total, held, false);
    return agent;
  }

  private void welcome(Turn turn, Agent agent, long link, List<MissingTask> missing) {
    master.cluster.connect(agent, link, turn.nowNanos());
    master.allocator.setAgentActive(agent.slot(), true);
    master.timers.cancel(new Timer.Reregistration(agent.id()));
    setPingTimer(agent);
    turn.tell(
        agent,
        ToAgent.newBuilder()
            .setRegistered(
                Registered.newBuilder()
                    .setAgentId(agent.identity().info().getId())
                    .setSilenceLimitNanos(master.config.silenceLimit().toNanos())
                    .addAllMissingTasks(missing)));
  }

  private void registerAgain(Turn turn, long link, Register message, Resources total) {
    master.counters.add("master/messages_reregister_slave");
    AgentInfo info = message.getAgentInfo();
    String id = info.getId().getValue();
    Agent known = master.cluster.agent(id);
    if (known == null) {
      returnFromAfar(turn, link, message, total);
      return;
    }
    if (!known.identity().pid().equals(pid(message))
        || !known.identity().hostname().equals(info.getHostname())) {
      refuse(
          turn,
          link,
          "agent id " + id + " is registered at " + known.identity().pid() + " already",
          true);
      return;
    }
    AgentReconciliation reconciliation =
        new AgentReconciliation(master, known, Inventory.of(message), total);
    if (!reconciliation.fits()) {
      refuse(turn, link, "agent " + id + " uses more than it has: " + total, false);
      return;
    }
    master.counters.add("master/slave_reregistrations");
    if (known.isConnected()) {
      long old = known.link();
      disconnectQuietly(turn, known);
      turn.endLink(old, "the agent opened a newer link");
    }
    if (!known.identity().info().equals(info)) {
      turn.record(new RegistryRecord.AgentAdmitted(info));
    }
    List<MissingTask> missing = reconciliation.tasks(turn, link, updates);
    known.update(identity(info, message), message.getProcessId(), total);
    reconciliation.executors(turn, executors);
    welcome(turn, known, link, missing);
    reconciliation
        .endedFrameworks()
        .forEach(frameworkId -> subscriptions.tellShutdown(turn, known, frameworkId));
    for (TaskCell cell : known.tasks()) {
      updates.deliverPendingKill(turn, cell);
    }
    turn.log("agent " + id + " re-registered");
  }

  /**
   * An agent that the registry calls unreachable, or that an earlier master admitted, is welcome
   * with all its tasks.
   */
  private void returnFromAfar(Turn turn, long link, Register message, Resources total) {
    AgentInfo info = message.getAgentInfo();
    String id = info.getId().getValue();
    String why =
        master.cluster.unreachableAgent(id) != null
            ? "Unreachable agent re-reregistered"
            : "Unknown agent reregistered";
    master.counters.add("master/slave_reregistrations");
    Map<String, FrameworkInfo> infos = new LinkedHashMap<>();
    message.getFrameworksList().forEach(f -> infos.put(f.getId().getValue(), f));
    List<Held> held = new ArrayList<>();
    Map<Task, Framework> returned = new LinkedHashMap<>();
    Set<String> ended = new LinkedHashSet<>();
    Set<TaskKey> over = new LinkedHashSet<>();
    Inventory inventory = Inventory.of(message);
    if (inventory.free(total) == null) {
      refuse(turn, link, "agent " + id + " uses more than it has: " + total, false);
      return;
    }
    for (Task task : inventory.tasks()) {
      Framework framework = framework(turn, task.frameworkId(), infos);
      if (framework == null) {
        ended.add(task.frameworkId());
        continue;
      }
      // Also one of the same name that runs elsewhere meanwhile: that one is the framework's now.
      if (framework.hasCompleted(task.id()) || framework.task(task.id()) != null) {
        over.add(new TaskKey(framework.id(), task.id()));
        continue;
      }
      framework.removeUnreachable(task.id());
      returned.put(task, framework);
      if (!task.isTerminal()) {
        held.add(new Held(framework.slot(), task.role(), task.resources()));
      }
    }
    List<Executor> executing = new ArrayList<>();
    for (Executor executor : inventory.executors()) {
      Framework framework = framework(turn, executor.frameworkId(), infos);
      if (framework == null) {
        ended.add(executor.frameworkId());
      } else {
        executing.add(executor);
        held.add(new Held(framework.slot(), executor.role(), executor.resources()));
      }
    }
    Agent agent = admit(turn, identity(info, message), message, total, held);
    executing.forEach(master.cluster::addExecutor);
    returned.forEach((task, framework) -> {
      TaskCell cell = master.cluster.addTask(framework, agent, task);
      if (task.isTerminal()) {
        cell.resourcesReleased();
      }
    });
    over.forEach(task -> turn.tellLink(link, TaskUpdates.discard(task)));
    welcome(turn, agent, link, List.of());
    turn.publish(new OperatorNotice.AgentAdded(agent.snapshot()));
    returned.keySet().forEach(task -> turn.publish(new OperatorNotice.TaskAdded(task)));
    ended.forEach(frameworkId -> subscriptions.tellShutdown(turn, agent, frameworkId));
    returned.forEach((task, framework) -> {
      if (!task.isTerminal()) { // Else the agent tells its end itself, until it is acknowledged.
        updates.tellReturned(turn, framework, task, why);
      }
    });
    turn.log("agent " + id + " is back with " + returned.size() + " tasks");
  }

  /** The framework of a returned task, made known if need be; null if it has ended. */
  private @Nullable Framework framework(Turn turn, String id, Map<String, FrameworkInfo> infos) {
    Framework framework = master.cluster.framework(id);
    if (framework == null && infos.containsKey(id) && !master.cluster.isCompleted(id)) {
      framework = master.cluster.addFramework(infos.get(id));
      framework.markRecovered();
      subscriptions.wantOffers(framework);
      turn.publish(new OperatorNotice.FrameworkAdded(framework.snapshot()));
    }
    return framework;
  }

  // Silence.

  void heard(Turn turn, Agent agent, ToMaster message) {
    boolean wasSuspected = agent.isSuspected();
    agent.heard(turn.nowNanos());
    if (wasSuspected) {
      master.counters.add("master/slave_unreachable_canceled");
      master.allocator.setAgentActive(agent.slot(), true);
    }
    switch (message.getMessageCase()) {
      case STATUS_UPDATE -> updates.update(turn, agent, message.getStatusUpdate());
      case UNREGISTER -> {
        master.counters.add("master/messages_unregister_slave");
        remove(turn, agent, "the agent unregistered", "master/slave_removals/reason_unregistered");
      }
      case PONG -> {}
      case EXECUTOR_MESSAGE -> executors.message(turn, agent, message.getExecutorMessage());
      case EXECUTOR_EXITED -> executors.exited(turn, agent, message.getExecutorExited());
      case REGISTER, MESSAGE_NOT_SET -> master.counters.add("master/dropped_messages");
    }
  }

  private void setPingTimer(Agent agent) {
    master.timers.set(
        new Timer.Ping(agent.id()),
        agent.heardNanos() + master.config.agentPingTimeout().toNanos());
  }

  /**
   * An agent that said something of late is left alone; a silent one is pinged, and is unreachable
   * in the end.
   */
  void pingDue(Turn turn, Timer.Ping timer) {
    Agent agent = master.cluster.agent(timer.agentId());
    if (agent == null || !agent.isConnected()) {
      return;
    }
    long timeoutNanos = master.config.agentPingTimeout().toNanos();
    long silentNanos = turn.nowNanos() - agent.heardNanos();
    if (silentNanos < timeoutNanos) {
      setPingTimer(agent);
      return;
    }
    if (silentNanos >= 2 * timeoutNanos) {
      if (!agent.isSuspected()) {
        master.counters.add("master/slave_unreachable_scheduled");
      }
      if (agent.missPing() >= master.config.maxAgentPingTimeouts()) {
        markUnreachable(turn, agent, "health check timed out");
        return;
      }
      master.allocator.setAgentActive(agent.slot(), false);
      offers.rescindAll(turn, agent);
    }
    turn.tell(agent, ToAgent.newBuilder().setPing(Ping.getDefaultInstance()));
    master.timers.set(timer, turn.nowNanos() + timeoutNanos);
  }

  void disconnected(Turn turn, MasterEvent.AgentGone event) {
    Agent agent = master.cluster.agentOfLink(event.link());
    if (agent == null) {
      return; // An older link, or one that was refused.
    }
    disconnectQuietly(turn, agent);
    master.timers.set(
        new Timer.Reregistration(agent.id()),
        turn.nowNanos() + master.config.agentReregisterTimeout().toNanos());
    for (TaskCell cell : List.copyOf(agent.tasks())) {
      if (!cell.framework().info().getCheckpoint()) {
        // Without a checkpoint nothing of the task would survive the agent's process.
        updates.end(
            turn,
            cell,
            TaskState.TASK_LOST,
            TaskStatus.Reason.REASON_AGENT_DISCONNECTED,
            "Agent " + agent.identity().hostname() + " disconnected");
      }
    }
    for (Executor executor : agent.executors()) {
      if (!master.cluster.framework(executor).info().getCheckpoint()) {
        executors.end(executor);
      }
    }
    turn.log("agent " + agent.id() + " disconnected");
  }

  private void disconnectQuietly(Turn turn, Agent agent) {
    master.cluster.disconnect(agent);
    master.timers.cancel(new Timer.Ping(agent.id()));
    master.allocator.setAgentActive(agent.slot(), false);
    offers.rescindAll(turn, agent);
  }

  void reregistrationTimedOut(Turn turn, Timer.Reregistration timer) {
    String waited =
        "agent did not reregister within "
            + Durations.print(master.config.agentReregisterTimeout());
    Agent agent = master.cluster.agent(timer.agentId());
    if (agent != null && !agent.isConnected()) {
      markUnreachable(turn, agent, waited + " after disconnecting");
    } else if (master.cluster.removeRecovered(timer.agentId()) != null) {
      master.counters.add("master/recovery_slave_removals");
      master.counters.add("master/slave_removals");
      master.counters.add("master/slave_removals/reason_unhealthy");
      turn.record(new RegistryRecord.AgentUnreachable(timer.agentId(), turn.nowNanos()));
      master.cluster.markUnreachable(timer.agentId(), turn.nowNanos());
      turn.publish(new OperatorNotice.AgentRemoved(timer.agentId()));
      tellEverybody(turn, timer.agentId());
    }
  }

  /** Agents of the registry have the usual time to come back to a new leader. */
  void started(Turn turn) {
    for (AgentInfo info : master.cluster.recoveredAgents()) {
      master.timers.set(
          new Timer.Reregistration(info.getId().getValue()),
          turn.nowNanos() + master.config.agentReregisterTimeout().toNanos());
    }
  }

  private void markUnreachable(Turn turn, Agent agent, String message) {
    turn.record(new RegistryRecord.AgentUnreachable(agent.id(), turn.nowNanos()));
    master.counters.add("master/slave_unreachable_completed");
    master.counters.add("master/slave_removals");
    master.counters.add("master/slave_removals/reason_unhealthy");
    for (TaskCell cell : List.copyOf(agent.tasks())) {
      updates.loseTouch(turn, cell, message);
    }
    forget(turn, agent, message);
    master.cluster.markUnreachable(agent.id(), turn.nowNanos());
    turn.log("agent " + agent.id() + " is unreachable: " + message);
  }

  // Leaving.

  private void remove(Turn turn, Agent agent, String why, String counter) {
    turn.record(new RegistryRecord.AgentRemoved(agent.id()));
    master.counters.add("master/slave_removals");
    master.counters.add(counter);
    for (TaskCell cell : List.copyOf(agent.tasks())) {
      updates.end(
          turn,
          cell,
          TaskState.TASK_LOST,
          TaskStatus.Reason.REASON_AGENT_REMOVED,
          "Agent " + agent.identity().hostname() + " removed: " + why);
    }
    forget(turn, agent, why);
    turn.log("agent " + agent.id() + " removed: " + why);
  }

  private void forget(Turn turn, Agent agent, String why) {
    offers.rescindAll(turn, agent);
    agent.executors().forEach(executors::end);
    if (agent.isConnected()) {
      turn.endLink(agent.link(), why);
    }
    master.timers.cancel(new Timer.Ping(agent.id()));
    master.timers.cancel(new Timer.Reregistration(agent.id()));
    master.allocator.removeAgent(agent.slot());
    master.cluster.removeAgent(agent);
    turn.publish(new OperatorNotice.AgentRemoved(agent.id()));
    tellEverybody(turn, agent.id());
  }

  private void tellEverybody(Turn turn, String agentId) {
    for (Framework framework : master.cluster.frameworks()) {
      turn.notify(framework, new SchedulerNotice.Failure(agentId, null, null));
    }
  }
}
