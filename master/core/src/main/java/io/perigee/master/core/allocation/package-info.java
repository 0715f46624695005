/**
 * Who is offered what: Mesos' hierarchical DRF allocator, driven by events instead of a one-second
 * tick.
 *
 * <p>{@link io.perigee.master.core.allocation.Allocator} is the door. Roles form a tree of {@code
 * RoleNode}s; under each role its frameworks are {@code Client}s; siblings stand in a {@code Line},
 * sorted by dominant share. Agents are looked at only when something happened to them ({@code
 * Candidates}). Everything here is soft state: a new leader rebuilds it from agents and frameworks
 * as they come back, and refusals are forgotten. Owner thread: the master's decision loop.
 */
@NullMarked
package io.perigee.master.core.allocation;

import org.jspecify.annotations.NullMarked;
