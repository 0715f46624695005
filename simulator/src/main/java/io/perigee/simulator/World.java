package io.perigee.simulator;

import io.perigee.common.SeededRandom;
import io.perigee.testkit.FaultyNetwork;
import io.perigee.testkit.VirtualTime;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** What all parts of a simulation share. */
final class World {
  final SimulationConfig config;
  final VirtualTime time;
  final SeededRandom random;
  final FaultyNetwork network;
  final Trace trace;

  /** Tasks whose container was started, wherever that was: none may be started twice. */
  private final Set<String> startedTasks = new LinkedHashSet<>();

  private final Map<String, Long> ends = new LinkedHashMap<>();
  private final long startNanos;
  private long launched;
  private long nextNumber = 1;

  World(SimulationConfig config, VirtualTime time, Trace trace) {
    this.config = config;
    this.time = time;
    this.trace = trace;
    this.random = new SeededRandom(config.seed());
    this.network = new FaultyNetwork(time, random.split());
    this.startNanos = time.nowNanos();
  }

  /** Streams, links and requests: each number once. */
  long newNumber() {
    return nextNumber++;
  }

  BrokenInvariant broken(String what) {
    return new BrokenInvariant(config.seed(), (time.nowNanos() - startNanos) / 1e9, what);
  }

  void started(String frameworkId, String taskId) {
    if (!startedTasks.add(frameworkId + " " + taskId)) {
      throw broken("task " + taskId + " of " + frameworkId + " was started twice");
    }
  }

  void launched() {
    launched++;
  }

  long launchedCount() {
    return launched;
  }

  void ended(String state) {
    ends.merge(state, 1L, Long::sum);
  }

  Map<String, Long> ends() {
    return ends;
  }

  /** A duration between two bounds, in nanoseconds. */
  long between(double fromSeconds, double toSeconds) {
    return (long) ((fromSeconds + random.nextDouble() * (toSeconds - fromSeconds)) * 1e9);
  }
}
