package io.perigee.master.core.cluster;

import io.perigee.mesos.v1.FrameworkInfo;
import java.util.List;
import java.util.Set;

/**
 * A framework at one moment. Immutable.
 *
 * @param isRecovered known from its agents only
 * @param registeredNanos first subscription, 0 if there was none at this master; nanoseconds since
 *     the epoch
 * @param reregisteredNanos latest further subscription, or 0
 * @param unregisteredNanos its end, or 0 while it lives
 */
public record FrameworkSnapshot(
    FrameworkInfo info,
    Capabilities capabilities,
    List<String> roles,
    Set<String> suppressedRoles,
    boolean isConnected,
    boolean isRecovered,
    long registeredNanos,
    long reregisteredNanos,
    long unregisteredNanos,
    List<Task> tasks,
    List<Task> unreachableTasks,
    List<Task> completedTasks,
    List<Offer> offers,
    List<Executor> executors,
    FrameworkCounters.Snapshot counters) {

  public String id() {
    return info.getId().getValue();
  }

  /** Gets offers. The master turns nobody off who is connected. */
  public boolean isActive() {
    return isConnected;
  }

  /** The same framework after its end. */
  public FrameworkSnapshot ended(long nowNanos) {
    return new FrameworkSnapshot(
        info,
        capabilities,
        roles,
        suppressedRoles,
        false,
        false,
        registeredNanos,
        reregisteredNanos,
        nowNanos,
        List.of(),
        unreachableTasks,
        completedTasks,
        List.of(),
        List.of(),
        counters);
  }
}
