package io.perigee.common.loop;

/**
 * A deterministic state machine that a {@link DecisionLoop} owns.
 *
 * <p>An implementation sees no clock, no random source but its own seeded one, no file and no
 * socket: what it decides follows from the events it was given, in their order, and from the
 * instants they carry. It runs on the loop's thread only.
 *
 * @param <E> what happened
 * @param <R> what must survive a restart; {@link #apply} of the same records rebuilds the durable
 *     part of the state
 * @param <C> what the shell has to do
 */
public interface DecisionCore<E, R, C> {

  /**
   * Decides on one event. Records are applied to the state before this returns, so that the next
   * decision sees them; the commands reach the shell only when the records of this and all earlier
   * events are durable.
   *
   * @param nowNanos nanoseconds since the epoch, never less than in an earlier call
   * @throws RuntimeException only if an invariant is broken; the loop then stops for good
   */
  void decide(long nowNanos, E event, Outcome<R, C> outcome);

  /** Does what {@link #nextDeadlineNanos} asked to be woken for. Harmless when nothing is due. */
  void wake(long nowNanos, Outcome<R, C> outcome);

  /** Applies a record read back from the journal. Only called before the first event. */
  void apply(R record);

  /**
   * The instant at which {@link #wake} is wanted, or {@link Long#MAX_VALUE} if nothing is planned.
   */
  long nextDeadlineNanos();
}
