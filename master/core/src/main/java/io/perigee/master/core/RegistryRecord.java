package io.perigee.master.core;

import io.perigee.mesos.v1.AgentInfo;

/**
 * What must survive a change of leader: who belongs to the cluster. Source:
 * mesos/src/master/registry.proto; frameworks, tasks and offers are not part of it there either.
 */
public sealed interface RegistryRecord {

  /** An agent belongs to the cluster, newly or with changed information. */
  record AgentAdmitted(AgentInfo info) implements RegistryRecord {}

  /** An agent left, or was replaced: its id never comes back. */
  record AgentRemoved(String agentId) implements RegistryRecord {}

  /** An agent has been silent for too long. It may come back. */
  record AgentUnreachable(String agentId, long sinceNanos) implements RegistryRecord {}
}
