package io.perigee.agent.core;

import org.jspecify.annotations.Nullable;

/** How containers are ended: asked first and killed after a while. */
final class Containers {
  private final Agent agent;

  Containers(Agent agent) {
    this.agent = agent;
  }

  /** Takes note of a container that is asked for. */
  ContainerRun open(String id, String directory, ExecutorRun executor, @Nullable TaskRun task) {
    ContainerRun container = new ContainerRun(id, directory, executor, task);
    agent.containers.put(id, container);
    return container;
  }

  /** SIGTERM now and SIGKILL later. A second call may bring the end forward, never put it off. */
  void terminate(Turn turn, ContainerRun container, long graceNanos) {
    boolean isFirst = !container.isAskedToEnd;
    container.isAskedToEnd = true;
    killAfter(turn, container, graceNanos);
    if (container.pid == 0 || graceNanos <= 0) {
      graceOver(turn, container.id); // It has not begun: there is nothing to end in good order.
    } else if (isFirst) {
      turn.command(new AgentCommand.TerminateContainer(container.id));
    }
  }

  /** SIGKILL later, and at the latest then. */
  void killAfter(Turn turn, ContainerRun container, long graceNanos) {
    long killAt = turn.after(graceNanos);
    if (killAt < container.killAtNanos) {
      container.killAtNanos = killAt;
      agent.timers.set(new Timer.Grace(container.id), killAt);
    }
  }

  void graceOver(Turn turn, String containerId) {
    agent.timers.cancel(new Timer.Grace(containerId));
    if (agent.containers.containsKey(containerId)) {
      turn.command(new AgentCommand.KillContainer(containerId));
    }
  }

  /** A container has ended, or never began; null if that was known. */
  @Nullable ContainerRun gone(String containerId) {
    ContainerRun container = agent.containers.remove(containerId);
    if (container != null) {
      agent.timers.cancel(new Timer.Grace(containerId));
      agent.timers.cancel(new Timer.CompletionTime(containerId));
      agent.timers.cancel(new Timer.Registration(containerId));
    }
    return container;
  }
}
