package io.perigee.agent.containers;

/**
 * What a running container uses now.
 *
 * @param userNanos CPU time since its start
 * @param systemNanos CPU time since its start
 * @param memoryBytes all memory charged to it, page cache included; without a memory cgroup the
 *     same as {@code rssBytes}
 * @param rssBytes anonymous memory of its processes; without a memory cgroup the sum of their
 *     resident sizes
 * @param processes alive in it
 */
public record ContainerStatistics(
    long userNanos, long systemNanos, long memoryBytes, long rssBytes, int processes) {}
