package io.perigee.agent.core;

import io.perigee.common.loop.DecisionCore;
import io.perigee.common.loop.Outcome;
import io.perigee.link.Pong;
import io.perigee.link.ToAgent;
import io.perigee.link.ToMaster;

/**
 * The agent's decisions: takes events, hands each to the class that decides about its subject.
 * Nothing is recorded so far, so there are no records.
 */
public final class AgentCore implements DecisionCore<AgentEvent, Void, AgentCommand> {
  private final Agent agent;
  private final Connection connection;
  private final Tasks tasks;

  public AgentCore(AgentConfig config) {
    agent = new Agent(config);
    connection = new Connection(agent);
    tasks = new Tasks(agent, connection);
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
      case AgentEvent.ContainerStarted started -> tasks.started(turn, started);
      case AgentEvent.ContainerFailed failed -> tasks.failed(turn, failed);
      case AgentEvent.ContainerExited exited -> tasks.exited(turn, exited);
      case AgentEvent.ExecutorSubscribes subscribes ->
          turn.command(
              new AgentCommand.AnswerExecutor(
                  subscribes.stream(), 400, "Framework cannot be found"));
      case AgentEvent.ExecutorCalls calls ->
          turn.command(
              new AgentCommand.AnswerExecutor(calls.request(), 400, "Framework cannot be found"));
      case AgentEvent.ExecutorGone gone -> {}
      case AgentEvent.SnapshotWanted wanted ->
          turn.command(new AgentCommand.Deliver(wanted.request(), Snapshots.of(agent, nowNanos)));
      case AgentEvent.StopWanted stop -> tasks.stop(turn);
    }
  }

  private void hear(Turn turn, ToAgent message) {
    switch (message.getMessageCase()) {
      case REGISTERED -> {
        connection.registered(turn, message.getRegistered());
        message.getRegistered().getMissingTasksList().forEach(m -> tasks.missing(turn, m));
      }
      case REFUSED -> {
        turn.log("the master refuses this agent: " + message.getRefused().getMessage());
        if (message.getRefused().getShutdown()) {
          tasks.stop(turn);
        }
      }
      case RUN_TASKS -> tasks.run(turn, message.getRunTasks());
      case KILL_TASK -> tasks.kill(turn, message.getKillTask());
      case ACKNOWLEDGE -> tasks.acknowledge(turn, message.getAcknowledge());
      case SHUTDOWN_FRAMEWORK ->
          tasks.shutdown(turn, message.getShutdownFramework().getFrameworkId().getValue());
      case UPDATE_FRAMEWORK -> tasks.update(message.getUpdateFramework().getFrameworkInfo());
      case DISCARD_TASK ->
          tasks.discard(
              turn,
              new TaskKey(
                  message.getDiscardTask().getFrameworkId().getValue(),
                  message.getDiscardTask().getTaskId().getValue()));
      case EXECUTOR_MESSAGE, SHUTDOWN_EXECUTOR -> {} // There are no such executors yet.
      case PING ->
          turn.tell(connection.link(), ToMaster.newBuilder().setPong(Pong.getDefaultInstance()));
      case SHUTDOWN -> {
        turn.log("the master shuts this agent down: " + message.getShutdown().getMessage());
        tasks.stop(turn);
      }
      case MESSAGE_NOT_SET -> {} // Of a newer master; what it must know it tells in known words.
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
        case Timer.Grace grace -> tasks.graceOver(turn, grace.containerId());
        case Timer.CompletionTime completion -> tasks.overdue(turn, completion.containerId());
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
