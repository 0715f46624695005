package io.perigee.simulator;

import io.perigee.agent.core.AgentCommand;
import io.perigee.agent.core.AgentEvent;
import io.perigee.master.core.MasterCommand;
import io.perigee.master.core.MasterEvent;
import io.perigee.master.core.SchedulerNotice;
import io.perigee.testkit.VirtualTime;
import org.jspecify.annotations.Nullable;

/** Writes down what happens: into a hash, and on demand as lines to read. */
final class Trace {
  private final VirtualTime time;
  private final TraceHash hash = new TraceHash();
  private final @Nullable Appendable lines;
  private long events;

  Trace(VirtualTime time, @Nullable Appendable lines) {
    this.time = time;
    this.lines = lines;
  }

  TraceHash hash() {
    return hash;
  }

  long events() {
    return events;
  }

  private void next(String node, Object what) {
    hash.next(time.nowNanos(), node, what.getClass().getSimpleName());
    if (lines != null) {
      try {
        lines.append(
            "%.6f %s %s%n"
                .formatted(time.nowNanos() / 1e9, node, what.toString().replace('\n', ' ')));
      } catch (java.io.IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }

  void event(MasterEvent event) {
    events++;
    next("> master", event);
    switch (event) {
      case MasterEvent.SchedulerSubscribes e -> hash.add(e.call());
      case MasterEvent.SchedulerCalls e -> hash.add(e.call());
      case MasterEvent.SchedulerGone e -> hash.add(e.stream());
      case MasterEvent.AgentRegisters e -> hash.add(e.message());
      case MasterEvent.AgentSays e -> hash.add(e.message());
      case MasterEvent.AgentGone e -> hash.add(e.link());
      case MasterEvent.Started e -> {}
      case MasterEvent.OperatorKills e -> hash.add(e.taskId());
      case MasterEvent.OperatorTearsDown e -> hash.add(e.frameworkId());
      case MasterEvent.OperatorSubscribes e -> hash.add(e.stream());
      case MasterEvent.SnapshotWanted e -> {}
    }
  }

  void command(MasterCommand command) {
    next("< master", command);
    switch (command) {
      case MasterCommand.Answer c -> hash.add(c.text());
      case MasterCommand.Notify c -> notice(c.notice());
      case MasterCommand.EndStream c -> hash.add(c.stream());
      case MasterCommand.Tell c -> hash.add(c.message());
      case MasterCommand.EndLink c -> hash.add(c.link());
      case MasterCommand.Log c -> hash.add(c.text());
      case MasterCommand.OpenOperatorStream c -> hash.add(c.stream());
      case MasterCommand.Publish c -> {}
      case MasterCommand.Deliver c -> {}
    }
  }

  private void notice(SchedulerNotice notice) {
    switch (notice) {
      case SchedulerNotice.Subscribed n -> hash.add(n.frameworkId());
      case SchedulerNotice.Offers n ->
          n.offers()
              .forEach(o -> {
                hash.add(o.offer().id());
                hash.add(o.offer().resources().toString());
              });
      case SchedulerNotice.Rescind n -> hash.add(n.offerId());
      case SchedulerNotice.Update n -> hash.add(n.status());
      case SchedulerNotice.UpdateOperation n -> hash.add(n.status());
      case SchedulerNotice.Failure n -> {
        hash.add(n.agentId());
        hash.add(String.valueOf(n.executorId()));
      }
      case SchedulerNotice.ExecutorMessage n -> hash.add(n.executorId());
      case SchedulerNotice.FatalError n -> hash.add(n.message());
    }
  }

  void event(String agent, AgentEvent event) {
    events++;
    next("> " + agent, event);
    switch (event) {
      case AgentEvent.MasterSays e -> hash.add(e.message());
      case AgentEvent.LinkOpened e -> hash.add(e.link());
      case AgentEvent.LinkClosed e -> hash.add(e.link());
      case AgentEvent.ContainerStarted e -> hash.add(e.containerId());
      case AgentEvent.ContainerFailed e -> hash.add(e.containerId());
      case AgentEvent.ContainerExited e -> hash.add(e.containerId());
      case AgentEvent.ExecutorSubscribes e -> hash.add(e.call());
      case AgentEvent.ExecutorCalls e -> hash.add(e.call());
      case AgentEvent.ExecutorGone e -> hash.add(e.stream());
      case AgentEvent.Started e -> {}
      case AgentEvent.LinkFailed e -> {}
      case AgentEvent.SnapshotWanted e -> {}
      case AgentEvent.StopWanted e -> {}
    }
  }

  void command(String agent, AgentCommand command) {
    next("< " + agent, command);
    switch (command) {
      case AgentCommand.Tell c -> hash.add(c.message());
      case AgentCommand.LaunchContainer c -> hash.add(c.containerId());
      case AgentCommand.ResizeContainer c -> hash.add(c.containerId());
      case AgentCommand.TerminateContainer c -> hash.add(c.containerId());
      case AgentCommand.KillContainer c -> hash.add(c.containerId());
      case AgentCommand.CloseLink c -> hash.add(c.link());
      case AgentCommand.Log c -> hash.add(c.text());
      case AgentCommand.AnswerExecutor c -> hash.add(c.text());
      case AgentCommand.TellExecutor c -> hash.add(c.event());
      case AgentCommand.EndExecutorStream c -> hash.add(c.stream());
      case AgentCommand.OpenLink c -> {}
      case AgentCommand.Deliver c -> {}
      case AgentCommand.Stop c -> {}
    }
  }
}
