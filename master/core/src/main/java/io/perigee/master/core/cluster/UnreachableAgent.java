package io.perigee.master.core.cluster;

/** An agent that was silent for too long and may come back. */
public record UnreachableAgent(String agentId, long sinceNanos) {}
