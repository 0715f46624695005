package io.perigee.simulator;

import io.perigee.master.core.cluster.AgentSnapshot;
import io.perigee.master.core.cluster.ClusterSnapshot;
import io.perigee.master.core.cluster.FrameworkSnapshot;
import io.perigee.testkit.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One run of a cluster.
 *
 * <p>Safety, after every event: no resource is offered or used twice and none is lost (per agent,
 * what is free, offered and used by tasks and executors makes what there is); no task is started
 * twice; no framework hears of a task after its end, or of the end of an executor that it did not
 * launch, or is offered an executor whose end it was told. Liveness, once faults and launches have
 * stopped: every task has ended at its framework, each framework that was there was told of the end
 * of its executor, nothing runs, every agent is registered and wholly free or offered.
 */
public final class Simulation {
  private static final long START_NANOS = 1_700_000_000_000_000_000L;

  private Simulation() {}

  /**
   * Runs a simulation to its end.
   *
   * @param lines receives one line for each event and command, or null
   * @throws BrokenInvariant as soon as one is
   */
  public static SimulationResult run(SimulationConfig config, @Nullable Appendable lines) {
    VirtualTime time = new VirtualTime(START_NANOS);
    Trace trace = new Trace(time, lines);
    World world = new World(config, time, trace);
    SimMaster master = new SimMaster(world);
    List<SimAgent> agents = new ArrayList<>();
    for (int i = 0; i < config.agents(); i++) {
      SimAgent agent = new SimAgent(world, master, i);
      agents.add(agent);
      time.afterNanos(world.between(0, 2), agent::start);
    }
    List<SimFramework> frameworks = new ArrayList<>();
    for (int i = 0; i < config.frameworks(); i++) {
      SimFramework framework = new SimFramework(world, master, i);
      frameworks.add(framework);
      time.afterNanos(world.between(0, 3), framework::start);
    }
    time.runUntil(START_NANOS + config.faultyTime().toNanos());
    world.network.heal();
    time.runUntil(time.nowNanos() + config.calmTime().toNanos());
    ClusterSnapshot rest = master.snapshot();
    Set<String> registered =
        rest.agents().stream().map(AgentSnapshot::id).collect(Collectors.toSet());
    frameworks.forEach(framework -> framework.checkRest(registered));
    agents.forEach(SimAgent::checkRest);
    checkMaster(world, rest);
    master.checkRest();
    return new SimulationResult(
        config.seed(),
        trace.hash().value(),
        trace.events(),
        world.launchedCount(),
        world.ends(),
        world.network.counts());
  }

  private static void checkMaster(World world, ClusterSnapshot snapshot) {
    long connected = snapshot.agents().stream().filter(AgentSnapshot::isActive).count();
    if (connected != world.config.agents()) {
      throw world.broken("the master has " + connected + " active agents in the end");
    }
    for (FrameworkSnapshot framework : snapshot.frameworks()) {
      if (!framework.tasks().isEmpty()) {
        throw world.broken("the master still has tasks: " + framework.tasks());
      }
      if (!framework.executors().isEmpty()) {
        throw world.broken("the master still has executors: " + framework.executors());
      }
    }
  }
}
