package io.perigee.master.core.allocation;

import io.perigee.model.ResourceKey;
import io.perigee.model.Resources;

/** An agent as the allocator sees it. */
final class AgentEntry {
  final int slot;

  /** False once it was removed: filters and candidate lists may still point to it. */
  boolean isPresent = true;

  /** False while nothing on it may be offered. */
  boolean isActive;

  Resources total = Resources.EMPTY;

  /** Neither offered nor used. */
  Resources available = Resources.EMPTY;

  /** True if every framework may have all of it: nothing reserved, revocable or shared, no GPUs. */
  boolean isPlain;

  boolean hasGpus;

  final Candidates candidates = new Candidates();

  /** True while it stands in the allocator's list of agents to look at. */
  boolean isListed;

  AgentEntry(int slot) {
    this.slot = slot;
  }

  void setTotal(Resources newTotal) {
    total = newTotal;
    hasGpus = newTotal.thousandths("gpus") > 0;
    isPlain = !hasGpus && newTotal.filter(AgentEntry::isSpecial).isEmpty();
  }

  private static boolean isSpecial(ResourceKey key) {
    return key.isReserved() || key.isRevocable() || key.isShared();
  }
}
