package io.perigee.agent.core;

import io.perigee.common.loop.Outcome;
import io.perigee.link.ToMaster;

/** One decision in the making: its instant, and what it leads to. */
final class Turn {
  private final Outcome<Void, AgentCommand> outcome;
  private final long nowNanos;

  Turn(long nowNanos, Outcome<Void, AgentCommand> outcome) {
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

  /**
   * The instant after a while.
   *
   * @param nanos what others say: may be negative, which is now, or more than there is time
   */
  long after(long nanos) {
    long instant = nowNanos + Math.max(0, nanos);
    return instant < nowNanos ? Long.MAX_VALUE : instant;
  }

  void tell(long link, ToMaster.Builder message) {
    outcome.command(new AgentCommand.Tell(link, message.build()));
  }

  void command(AgentCommand command) {
    outcome.command(command);
  }

  void log(String text) {
    outcome.command(new AgentCommand.Log(text));
  }
}
