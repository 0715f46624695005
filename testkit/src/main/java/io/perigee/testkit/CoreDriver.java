package io.perigee.testkit;

import io.perigee.common.loop.DecisionCore;
import io.perigee.common.loop.Outcome;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Runs a decision core in virtual time, with the promises of {@code DecisionLoop}: commands leave
 * in the order in which they were decided, and only when all records decided before them are
 * durable.
 */
public final class CoreDriver<E, R, C> {
  private final VirtualTime time;
  private final DecisionCore<E, R, C> core;
  private final LongSupplier journalDelayNanos;
  private final Consumer<C> performer;
  private final Runnable afterDecision;
  private final Outcome<R, C> outcome = new Outcome<>();
  private final ArrayDeque<Held<C>> held = new ArrayDeque<>();
  private long lastDurableNanos;
  private long plannedWakeNanos = Long.MAX_VALUE;
  private boolean isStopped;

  private record Held<C>(long durableNanos, List<C> commands) {}

  /**
   * @param journalDelayNanos how long each write takes to become durable
   * @param performer carries out one command
   * @param afterDecision called after each decision, before anything of it is performed
   */
  public CoreDriver(
      VirtualTime time,
      DecisionCore<E, R, C> core,
      LongSupplier journalDelayNanos,
      Consumer<C> performer,
      Runnable afterDecision) {
    this.time = time;
    this.core = core;
    this.journalDelayNanos = journalDelayNanos;
    this.performer = performer;
    this.afterDecision = afterDecision;
  }

  /** Lets the core decide on an event now. Nothing happens once it was stopped. */
  public void offer(E event) {
    if (isStopped) {
      return;
    }
    core.decide(time.nowNanos(), event, outcome);
    settle();
    planWake();
  }

  /** The process is gone: nothing of it happens any more, not even what was already decided. */
  public void stop() {
    isStopped = true;
    held.clear();
  }

  private void settle() {
    afterDecision.run();
    if (!outcome.records().isEmpty()) {
      lastDurableNanos =
          Math.max(lastDurableNanos, time.nowNanos() + journalDelayNanos.getAsLong());
    }
    if (!outcome.commands().isEmpty()) {
      held.addLast(new Held<>(lastDurableNanos, List.copyOf(outcome.commands())));
      if (lastDurableNanos > time.nowNanos()) {
        time.at(lastDurableNanos, this::release);
      }
    }
    outcome.clear();
    release();
  }

  private void release() {
    while (!held.isEmpty() && held.getFirst().durableNanos() <= time.nowNanos()) {
      held.removeFirst().commands().forEach(performer);
    }
  }

  private void planWake() {
    long deadline = core.nextDeadlineNanos();
    if (deadline < plannedWakeNanos) {
      plannedWakeNanos = deadline;
      time.at(deadline, () -> wake(deadline));
    }
  }

  private void wake(long plannedNanos) {
    if (isStopped || plannedNanos != plannedWakeNanos) {
      return; // An earlier one was planned meanwhile, and has planned the next.
    }
    plannedWakeNanos = Long.MAX_VALUE;
    if (core.nextDeadlineNanos() <= time.nowNanos()) {
      core.wake(time.nowNanos(), outcome);
      settle();
    }
    planWake();
  }
}
