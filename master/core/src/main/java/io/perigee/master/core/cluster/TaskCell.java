package io.perigee.master.core.cluster;

import io.perigee.mesos.v1.KillPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Where a running task's current value is found, from its framework and from its agent. Owned by
 * the loop.
 */
public final class TaskCell {
  private final Framework framework;
  private final Agent agent;
  private Task task;

  /** True while its resources are charged to its framework. */
  private boolean holdsResources = true;

  /** A KILL that could not be delivered because the agent was away; delivered when it is back. */
  private @Nullable KillPolicy pendingKill;

  TaskCell(Framework framework, Agent agent, Task task) {
    this.framework = framework;
    this.agent = agent;
    this.task = task;
  }

  public Framework framework() {
    return framework;
  }

  public Agent agent() {
    return agent;
  }

  public Task task() {
    return task;
  }

  public void set(Task changed) {
    task = changed;
    framework.touch();
  }

  public boolean holdsResources() {
    return holdsResources;
  }

  public void resourcesReleased() {
    holdsResources = false;
    agent.countChange();
  }

  public @Nullable KillPolicy pendingKill() {
    return pendingKill;
  }

  public void setPendingKill(@Nullable KillPolicy policy) {
    pendingKill = policy;
  }
}
