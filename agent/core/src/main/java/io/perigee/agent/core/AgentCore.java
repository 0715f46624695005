package io.perigee.agent.core;

import io.perigee.common.loop.DecisionCore;
import io.perigee.common.loop.Outcome;
import io.perigee.link.MissingTask;
import io.perigee.link.Pong;
import io.perigee.link.ToAgent;
import io.perigee.link.ToMaster;
import io.perigee.mesos.v1.FrameworkInfo;
import io.perigee.mesos.v1.TaskStatus;

/**
 * The agent's decisions: takes events, hands each to the class that decides about its subject.
 * Nothing is recorded so far, so there are no records.
 */
public final class AgentCore implements DecisionCore<AgentEvent, Void, AgentCommand> {
  private final Agent agent;
  private final Connection connection;
  private final Ledger ledger;
  private final Statuses statuses;
  private final Containers containers;
  private final ExecutorEnds ends;
  private final OwnTasks own;
  private final CustomExecutors custom;
  private final ExecutorCalls calls;
  private final Launching launching;
  private final Shutdowns shutdowns;

  public AgentCore(AgentConfig config) {
    agent = new Agent(config);
    connection = new Connection(agent);
    ledger = new Ledger(agent);
    statuses = new Statuses(agent);
    containers = new Containers(agent);
    ends = new ExecutorEnds(agent, ledger);
    own = new OwnTasks(agent, statuses, containers, ends);
    custom = new CustomExecutors(agent, statuses, containers, ends);
    calls = new ExecutorCalls(agent, statuses, custom);
    launching = new Launching(agent, statuses, ledger, ends, own, custom);
    shutdowns = new Shutdowns(agent, connection, ledger, ends, own, custom);
  }

  @Override
  public void decide(long nowNanos, AgentEvent event, Outcome<Void, AgentCommand> outcome) {
    Turn turn = new Turn(nowNanos, outcome);
    switch (event) {
      case AgentEvent.Started started -> connection.start(turn);
      case AgentEvent.LinkOpened opened -> connection.opened(turn, opened.link());
      case AgentEvent.LinkFailed failed -> connection.failed(turn);
      case AgentEvent.MasterSays says -> {
        if (connection.isCurrent(says.link())) {
          connection.heard(turn, says.link());
          hear(turn, says.message());
        }
      }
      case AgentEvent.LinkClosed closed -> connection.closed(turn, closed.link());
      case AgentEvent.ContainerStarted started -> started(turn, started);
      case AgentEvent.ContainerFailed failed -> failed(turn, failed);
      case AgentEvent.ContainerExited exited -> exited(turn, exited);
      case AgentEvent.ExecutorSubscribes subscribes ->
          calls.subscribe(turn, subscribes.stream(), subscribes.call());
      case AgentEvent.ExecutorCalls calling -> calls.call(turn, calling.request(), calling.call());
      case AgentEvent.ExecutorGone gone -> custom.streamGone(gone.stream());
      case AgentEvent.SnapshotWanted wanted ->
          turn.command(new AgentCommand.Deliver(wanted.request(), Snapshots.of(agent, nowNanos)));
      case AgentEvent.StopWanted stop -> shutdowns.stop(turn);
    }
  }

  private void started(Turn turn, AgentEvent.ContainerStarted event) {
    ContainerRun container = agent.containers.get(event.containerId());
    if (container != null) {
      container.pid = event.pid();
      if (container.task != null && !container.isDiscarded) {
        own.started(turn, container.task);
      }
    }
  }

  private void failed(Turn turn, AgentEvent.ContainerFailed event) {
    ContainerRun container = containers.gone(event.containerId());
    if (container != null && !container.isDiscarded) {
      if (container.task == null) {
        custom.failed(turn, container.executor, event.message());
      } else {
        own.failed(turn, container.task, event.message());
      }
    }
    shutdowns.stopIfIdle(turn);
  }

  private void exited(Turn turn, AgentEvent.ContainerExited event) {
    ContainerRun container = containers.gone(event.containerId());
    if (container != null && !container.isDiscarded) {
      if (container.task == null) {
        custom.exited(turn, container.executor, event.exit());
      } else {
        own.exited(turn, container.task, event.exit());
      }
    }
    shutdowns.stopIfIdle(turn);
  }

  private void hear(Turn turn, ToAgent message) {
    switch (message.getMessageCase()) {
      case REGISTERED -> {
        connection.registered(turn, message.getRegistered());
        message.getRegistered().getMissingTasksList().forEach(m -> missing(turn, m));
      }
      case REFUSED -> {
        turn.log("the master refuses this agent: " + message.getRefused().getMessage());
        if (message.getRefused().getShutdown()) {
          shutdowns.stop(turn);
        }
      }
      case RUN_TASKS -> launching.run(turn, message.getRunTasks());
      case KILL_TASK -> shutdowns.kill(turn, message.getKillTask());
      case ACKNOWLEDGE -> ledger.acknowledge(turn, message.getAcknowledge());
      case SHUTDOWN_FRAMEWORK ->
          shutdowns.shutDownFramework(
              turn, message.getShutdownFramework().getFrameworkId().getValue());
      case UPDATE_FRAMEWORK -> update(message.getUpdateFramework().getFrameworkInfo());
      case DISCARD_TASK -> shutdowns.discard(turn, message.getDiscardTask());
      case EXECUTOR_MESSAGE -> calls.messageForExecutor(turn, message.getExecutorMessage());
      case SHUTDOWN_EXECUTOR -> shutdowns.shutDown(turn, message.getShutdownExecutor());
      case PING -> turn.tell(agent.link, ToMaster.newBuilder().setPong(Pong.getDefaultInstance()));
      case SHUTDOWN -> {
        turn.log("the master shuts this agent down: " + message.getShutdown().getMessage());
        shutdowns.stop(turn);
      }
      case MESSAGE_NOT_SET -> {} // Of a newer master; what it must know it tells in known words.
    }
  }

  private void missing(Turn turn, MissingTask message) {
    statuses.drop(
        turn,
        message.getFrameworkInfo(),
        message.getTaskId(),
        TaskStatus.Reason.REASON_RECONCILIATION,
        "Reconciliation: task unknown to the agent");
  }

  private void update(FrameworkInfo info) {
    FrameworkRun framework = agent.frameworks.get(info.getId().getValue());
    if (framework != null) {
      framework.info = info;
    }
  }

  @Override
  public void wake(long nowNanos, Outcome<Void, AgentCommand> outcome) {
    Turn turn = new Turn(nowNanos, outcome);
    for (Timer due = agent.timers.pollDue(nowNanos);
        due != null;
        due = agent.timers.pollDue(nowNanos)) {
      switch (due) {
        case Timer.Connect connect -> connection.connectDue(turn);
        case Timer.MasterSilence silence -> connection.silenceDue(turn);
        case Timer.Repeat repeat -> agent.updates.repeat(turn, agent.registeredLink, repeat.task());
        case Timer.Grace grace -> containers.graceOver(turn, grace.containerId());
        case Timer.CompletionTime completion -> own.overdue(turn, completion.containerId());
        case Timer.Registration late -> custom.registrationOverdue(turn, late.containerId());
        case Timer.Heartbeat heartbeat -> custom.heartbeatDue(turn, heartbeat.stream());
        case Timer.LastTask last -> ends.lastTaskDue(turn, last);
      }
    }
  }

  /** Never called: nothing is recorded. */
  @Override
  public void apply(Void record) {}

  @Override
  public long nextDeadlineNanos() {
    return agent.timers.next();
  }
}
