package io.perigee.master.core.allocation;

import java.util.Set;

/**
 * How the allocator shares out.
 *
 * @param allocationIntervalNanos what a client refused comes back to it after this long at the
 *     earliest, even if it refused for zero seconds (Mesos' allocation_interval, default 1 s)
 * @param coalesceNanos events within this time lead to one run (default 1 ms: short beside a
 *     network round trip, long beside a run)
 * @param minAllocatable what an offer must hold at least (default {@code cpus:0.01|mem:32})
 * @param filterGpuResources agents with GPUs are offered only to frameworks that know them (default
 *     true)
 * @param excludedFromShares scalars that do not count towards shares
 */
public record AllocatorConfig(
    long allocationIntervalNanos,
    long coalesceNanos,
    MinAllocatable minAllocatable,
    boolean filterGpuResources,
    Set<String> excludedFromShares) {

  public static AllocatorConfig defaults() {
    return new AllocatorConfig(
        1_000_000_000L,
        1_000_000L,
        MinAllocatable.parse("cpus:0.01|mem:32").orElseThrow(),
        true,
        Set.of());
  }
}
