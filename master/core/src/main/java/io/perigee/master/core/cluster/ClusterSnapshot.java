package io.perigee.master.core.cluster;

import io.perigee.mesos.v1.AgentInfo;
import java.util.List;
import java.util.Map;

/**
 * The whole state at one moment, as readers see it. Immutable; agents and frameworks that did not
 * change since an earlier snapshot are the same objects.
 *
 * @param takenNanos nanoseconds since the epoch
 * @param agents registered agents, in the order of registration
 * @param recoveredAgents of the registry, not back yet since this master leads
 * @param unreachableAgents silent for too long
 * @param frameworks subscribed, expected back, or known from their tasks
 * @param completedFrameworks ended, oldest first
 * @param counters what the master counted so far, by Mesos' metric names; see {@link Gauges} for
 *     the rest
 */
public record ClusterSnapshot(
    long takenNanos,
    List<AgentSnapshot> agents,
    List<AgentInfo> recoveredAgents,
    List<UnreachableAgent> unreachableAgents,
    List<FrameworkSnapshot> frameworks,
    List<FrameworkSnapshot> completedFrameworks,
    Map<String, Double> counters) {}
