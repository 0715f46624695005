package io.perigee.master.core.allocation;

import io.perigee.model.Resources;
import org.jspecify.annotations.Nullable;

/**
 * A refusal: until it expires, this client is not offered what {@link #refused} contains on this
 * agent. Source: RefusedOfferFilter in mesos/src/master/allocator/mesos/hierarchical.cpp.
 */
final class Filter {
  final Client client;
  final AgentEntry agent;
  final Resources refused;
  final long expiryNanos;

  /** An earlier refusal of the same client and agent that this one does not include, or null. */
  final @Nullable Filter older;

  Filter(
      Client client,
      AgentEntry agent,
      Resources refused,
      long expiryNanos,
      @Nullable Filter older) {
    this.client = client;
    this.agent = agent;
    this.refused = refused;
    this.expiryNanos = expiryNanos;
    this.older = older;
  }
}
