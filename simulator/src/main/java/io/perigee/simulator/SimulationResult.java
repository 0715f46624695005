package io.perigee.simulator;

import java.util.Map;

/**
 * What came of a simulation that broke no invariant.
 *
 * @param traceHash over every event and command of every core; equal for equal seeds
 * @param events decided by all cores
 * @param launched tasks that frameworks asked for
 * @param ends how often tasks ended in each state, as told to their frameworks
 * @param faults how often each kind of fault happened
 */
public record SimulationResult(
    long seed,
    long traceHash,
    long events,
    long launched,
    Map<String, Long> ends,
    Map<String, Long> faults) {}
