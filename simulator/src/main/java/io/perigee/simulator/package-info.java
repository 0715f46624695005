/**
 * Whole clusters from one seed: the real cores of a master and of many agents, scripted frameworks,
 * virtual time, and a network that loses, delays, doubles and reorders. {@link
 * io.perigee.simulator.Simulation} runs one; invariants are checked after every event, and what
 * must become true in the end is checked once the faults have stopped. One thread; the same seed
 * gives the same {@link io.perigee.simulator.TraceHash} in every JVM.
 */
@NullMarked
package io.perigee.simulator;

import org.jspecify.annotations.NullMarked;
