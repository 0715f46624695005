package io.perigee.agent.core;

import io.perigee.mesos.v1.AgentInfo;
import io.perigee.mesos.v1.FrameworkInfo;
import io.perigee.mesos.v1.Task;
import io.perigee.model.Resources;
import java.util.List;
import java.util.Map;

/**
 * The state of an agent at one moment, as readers see it. Immutable.
 *
 * @param takenNanos nanoseconds since the epoch
 * @param info with the id if the agent is or was registered
 * @param isRegistered connected to a master that took it
 * @param counters what the agent counted so far, by Mesos' metric names
 */
public record AgentSnapshot(
    long takenNanos,
    AgentInfo info,
    Resources total,
    boolean isRegistered,
    List<Framework> frameworks,
    List<Framework> completedFrameworks,
    Map<String, Double> counters) {

  /** A framework with something on this agent, now or before. */
  public record Framework(
      FrameworkInfo info, List<Executor> executors, List<Executor> completedExecutors) {}

  /**
   * What runs a task, and its sandbox.
   *
   * @param name as Mesos calls the executor of a command
   * @param resources of the task and of the executor itself, as allocated
   * @param tasks with their statuses
   */
  public record Executor(
      String id,
      String name,
      String containerId,
      String directory,
      Resources resources,
      List<Task> tasks) {}
}
