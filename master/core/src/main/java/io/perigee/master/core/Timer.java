package io.perigee.master.core;

/** What the master waits for. */
sealed interface Timer {

  /** Time to see whether an agent still answers. */
  record Ping(String agentId) implements Timer {}

  /** A disconnected agent should have been back by now. */
  record Reregistration(String agentId) implements Timer {}

  /** A disconnected framework should have been back by now. */
  record Failover(String frameworkId) implements Timer {}

  /** An offer was not answered in time. */
  record OfferTimeout(String offerId) implements Timer {}
}
