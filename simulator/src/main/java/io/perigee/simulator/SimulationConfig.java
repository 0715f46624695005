package io.perigee.simulator;

import java.time.Duration;

/**
 * The size of a simulated cluster.
 *
 * @param seed decides everything
 * @param faultyTime while frameworks launch and things break
 * @param calmTime afterwards, without faults and launches: everything must have ended by then
 */
public record SimulationConfig(
    long seed, int agents, int frameworks, Duration faultyTime, Duration calmTime) {

  /** 100 agents and 5 frameworks, 20 s of trouble and 150 s of peace. */
  public static SimulationConfig ofSeed(long seed) {
    return new SimulationConfig(seed, 100, 5, Duration.ofSeconds(20), Duration.ofSeconds(150));
  }
}
