package io.perigee.master.core.allocation;

import io.perigee.model.Resources;
import io.perigee.model.Roles;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds who is served first of those that may have what is free on an agent, and want it. Owner
 * thread.
 */
final class Takers {
  private final AllocatorConfig config;

  /**
   * For the walk at hand: only below these roles somebody can take what is free, because what is
   * reserved to none of them is too little for an offer; null if anybody may be able to.
   */
  private @Nullable Set<String> takingRoles;

  /** What the client that a walk found is to be given. */
  private Resources granted = Resources.EMPTY;

  Takers(AllocatorConfig config) {
    this.config = config;
  }

  /** What is given to whom. */
  record Grant(Client client, Resources resources) {}

  /**
   * The first taker of what is free on an agent, in the order of shares; null if there is none.
   *
   * @param haveOwnMinimums whether some framework has its own idea of what is worth an offer
   */
  @Nullable Grant first(RoleNode root, AgentEntry agent, boolean haveOwnMinimums, long nowNanos) {
    takingRoles = takingRoles(agent, haveOwnMinimums);
    Client client =
        agent.candidates.isEverybody()
            ? firstTaker(root, agent, nowNanos)
            : firstTakerAmongCandidates(agent, nowNanos);
    return client == null ? null : new Grant(client, granted);
  }

  /** Without this each agent that is reserved whole costs a look at every framework there is. */
  private @Nullable Set<String> takingRoles(AgentEntry agent, boolean haveOwnMinimums) {
    return agent.isPlain
            || haveOwnMinimums
            || config.minAllocatable().isMetBy(agent.available.unreserved())
        ? null
        : agent.available.reservedByRole().keySet();
  }

  /** Whether a taker may be in a role or below it. */
  private boolean leadsToTaker(RoleNode role) {
    if (role.activeClients == 0) {
      return false;
    }
    if (takingRoles == null) {
      return true;
    }
    for (String taking : takingRoles) {
      if (Roles.isSelfOrAncestor(taking, role.path) || Roles.isSelfOrAncestor(role.path, taking)) {
        return true;
      }
    }
    return false;
  }

  private @Nullable Client firstTaker(RoleNode node, AgentEntry agent, long nowNanos) {
    Line children = node.children;
    for (int i = 0; i < children.size(); i++) {
      Client taker =
          switch (children.get(i)) {
            case RoleNode child -> leadsToTaker(child) ? firstTaker(child, agent, nowNanos) : null;
            case RoleClients clients -> firstTaker(clients.line, agent, nowNanos);
            case Client client -> throw new IllegalStateException(client.name + " is no role");
          };
      if (taker != null) {
        return taker;
      }
    }
    return null;
  }

  private @Nullable Client firstTaker(Line clients, AgentEntry agent, long nowNanos) {
    for (int i = 0; i < clients.size(); i++) {
      Client client = (Client) clients.get(i);
      if (takes(client, agent, nowNanos)) {
        return client;
      }
    }
    return null;
  }

  private @Nullable Client firstTakerAmongCandidates(AgentEntry agent, long nowNanos) {
    Client first = null;
    for (int i = 0; i < agent.candidates.size(); i++) {
      Client client = agent.candidates.get(i);
      boolean isBetter = client.isActive && (first == null || client.comesBefore(first));
      if (isBetter && takes(client, agent, nowNanos)) {
        first = client;
      }
    }
    // The last one looked at need not be the first one: what it was granted is computed again.
    return first != null && takes(first, agent, nowNanos) ? first : null;
  }

  /**
   * Whether a client may and wants to have what is free on an agent; {@link #granted} then tells
   * what that is.
   */
  private boolean takes(Client client, AgentEntry agent, long nowNanos) {
    FrameworkProfile profile = client.framework.profile;
    if (agent.hasGpus && config.filterGpuResources() && !profile.takesGpus()) {
      return false;
    }
    Resources offerable =
        agent.isPlain ? agent.available : special(profile, client.role.path, agent.available);
    MinAllocatable least =
        profile.minAllocatable().getOrDefault(client.role.path, config.minAllocatable());
    granted = offerable;
    return !offerable.isEmpty()
        && least.isMetBy(offerable)
        && !Filters.exclude(client, agent, offerable, nowNanos);
  }

  private static Resources special(FrameworkProfile profile, String role, Resources resources) {
    return resources.filter(key ->
        (!key.isReserved() || Roles.isSelfOrAncestor(key.reservationRole(), role))
            && (profile.takesRefined() || key.reservations().size() < 2)
            && (profile.takesRevocable() || !key.isRevocable())
            && (profile.takesShared() || !key.isShared()));
  }
}
