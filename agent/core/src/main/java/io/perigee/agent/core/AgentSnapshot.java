package io.perigee.agent.core;

import io.perigee.mesos.v1.AgentInfo;
import io.perigee.mesos.v1.ExecutorInfo;
import io.perigee.mesos.v1.FrameworkInfo;
import io.perigee.mesos.v1.Task;
import io.perigee.mesos.v1.TaskInfo;
import io.perigee.model.Resources;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

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

  /** Who speaks for the tasks of an executor. */
  public enum ExecutorKind {
    /** The agent itself, made up for one task with a command; the task's container is its own. */
    COMMAND,
    /** A process of the framework's, which speaks the executor API. */
    CUSTOM,
    /** The agent itself; each task of its groups has a container below the executor's. */
    DEFAULT
  }

  /** How far an executor is. Those of Mesos, by its names. */
  public enum ExecutorState {
    /** Its container starts, or it has not subscribed yet. */
    REGISTERING,
    RUNNING,
    /** It was asked to end. */
    TERMINATING,
    /** It is gone; its tasks may have updates that nobody acknowledged yet. */
    TERMINATED
  }

  /**
   * What runs tasks, and its sandbox.
   *
   * @param info with framework_id; made up as Mesos does for a task with a command: then it has no
   *     type
   * @param containerId of DEFAULT: a name and nothing more, since only its tasks have containers
   * @param pid of its container as the host sees it; 0 without one
   * @param directory its sandbox
   * @param resources as allocated: its own, and those of its tasks that are not over
   * @param queuedTasks it was not told of them yet
   * @param launchedTasks not over, with their statuses
   * @param terminatedTasks over, their last update is not acknowledged yet
   * @param completedTasks over and acknowledged, newest last
   * @param taskContainers of DEFAULT alone, of the tasks that run
   */
  public record Executor(
      ExecutorKind kind,
      ExecutorState state,
      ExecutorInfo info,
      String containerId,
      long pid,
      String directory,
      Resources resources,
      List<TaskInfo> queuedTasks,
      List<Task> launchedTasks,
      List<Task> terminatedTasks,
      List<Task> completedTasks,
      List<TaskContainer> taskContainers) {

    public String id() {
      return info.getExecutorId().getValue();
    }

    /** Empty if it has none. */
    public String name() {
      return info.getName();
    }

    /** Empty if it has none. */
    @SuppressWarnings("deprecation") // Readers still show it.
    public String source() {
      return info.getSource();
    }

    /** All that it was told of and that it is remembered to have run. */
    public List<Task> tasks() {
      return Stream.of(launchedTasks, terminatedTasks, completedTasks)
          .flatMap(List::stream)
          .toList();
    }
  }

  /**
   * The container of one task of a DEFAULT executor.
   *
   * @param containerId without that of the executor, its parent
   * @param directory its sandbox, below that of the executor
   * @param pid as the host sees it; 0 until it runs
   */
  public record TaskContainer(String taskId, String containerId, String directory, long pid) {}
}
