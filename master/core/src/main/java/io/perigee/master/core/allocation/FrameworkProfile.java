package io.perigee.master.core.allocation;

import java.util.Map;

/**
 * What the allocator must know of a framework.
 *
 * @param id breaks ties between frameworks that got equally much
 * @param takesGpus has GPU_RESOURCES: only then it is offered agents with GPUs
 * @param takesShared has SHARED_RESOURCES
 * @param takesRevocable has REVOCABLE_RESOURCES
 * @param takesRefined has RESERVATION_REFINEMENT
 * @param minAllocatable what an offer for a role must hold at least, where the framework said so
 *     itself
 */
public record FrameworkProfile(
    String id,
    boolean takesGpus,
    boolean takesShared,
    boolean takesRevocable,
    boolean takesRefined,
    Map<String, MinAllocatable> minAllocatable) {}
