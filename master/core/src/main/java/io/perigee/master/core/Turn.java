package io.perigee.master.core;

import io.perigee.common.loop.Outcome;
import io.perigee.link.ToAgent;
import io.perigee.master.core.cluster.Agent;
import io.perigee.master.core.cluster.ClusterSnapshot;
import io.perigee.master.core.cluster.Framework;
import io.perigee.mesos.v1.scheduler.Event;

/** One decision in the making: its instant, and what it leads to. */
final class Turn {
  private final Outcome<RegistryRecord, MasterCommand> outcome;
  private final long nowNanos;

  Turn(long nowNanos, Outcome<RegistryRecord, MasterCommand> outcome) {
    this.nowNanos = nowNanos;
    this.outcome = outcome;
  }

  long nowNanos() {
    return nowNanos;
  }

  /** Now, in the seconds of TaskStatus.timestamp. */
  double nowSeconds() {
    return nowNanos / 1e9;
  }

  void record(RegistryRecord record) {
    outcome.record(record);
  }

  void answer(long request, int status, String text) {
    outcome.command(new MasterCommand.Answer(request, status, text));
  }

  void accepted(long request) {
    answer(request, 202, "");
  }

  /**
   * Sends an event to a framework, or drops it if the framework is not there: nothing is kept for
   * later.
   */
  void notify(Framework framework, SchedulerNotice notice) {
    if (framework.isConnected()) {
      framework.counters().event(type(notice));
      outcome.command(new MasterCommand.Notify(framework.stream(), notice));
    }
  }

  /** Sends an event to a stream that belongs to no framework (any more). */
  void notifyStream(long stream, SchedulerNotice notice) {
    outcome.command(new MasterCommand.Notify(stream, notice));
  }

  void endStream(long stream) {
    outcome.command(new MasterCommand.EndStream(stream));
  }

  /** Sends a message to an agent, or drops it if the agent is not there. */
  void tell(Agent agent, ToAgent.Builder message) {
    if (agent.isConnected()) {
      tellLink(agent.link(), message);
    }
  }

  void tellLink(long link, ToAgent.Builder message) {
    outcome.command(new MasterCommand.Tell(link, message.build()));
  }

  void endLink(long link, String reason) {
    outcome.command(new MasterCommand.EndLink(link, reason));
  }

  void deliver(long request, ClusterSnapshot snapshot) {
    outcome.command(new MasterCommand.Deliver(request, snapshot));
  }

  void openOperatorStream(long stream, ClusterSnapshot snapshot) {
    outcome.command(new MasterCommand.OpenOperatorStream(stream, snapshot));
  }

  void publish(OperatorNotice notice) {
    outcome.command(new MasterCommand.Publish(notice));
  }

  void log(String text) {
    outcome.command(new MasterCommand.Log(text));
  }

  private static Event.Type type(SchedulerNotice notice) {
    return switch (notice) {
      case SchedulerNotice.Subscribed subscribed -> Event.Type.SUBSCRIBED;
      case SchedulerNotice.Offers offers -> Event.Type.OFFERS;
      case SchedulerNotice.Rescind rescind -> Event.Type.RESCIND;
      case SchedulerNotice.Update update -> Event.Type.UPDATE;
      case SchedulerNotice.UpdateOperation update -> Event.Type.UPDATE_OPERATION_STATUS;
      case SchedulerNotice.Failure failure -> Event.Type.FAILURE;
      case SchedulerNotice.ExecutorMessage message -> Event.Type.MESSAGE;
      case SchedulerNotice.FatalError error -> Event.Type.ERROR;
    };
  }
}
