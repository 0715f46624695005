package io.perigee.master.core.cluster;

import io.perigee.model.Resources;

/**
 * An agent at one moment. Immutable.
 *
 * @param isActive its free resources may be offered
 * @param registeredNanos nanoseconds since the epoch
 * @param reregisteredNanos latest return, or 0
 */
public record AgentSnapshot(
    AgentIdentity identity,
    Resources total,
    boolean isConnected,
    boolean isActive,
    long registeredNanos,
    long reregisteredNanos) {

  public String id() {
    return identity.id();
  }
}
