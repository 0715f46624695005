package io.perigee.master.core.allocation;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A framework in one of its roles. */
final class Client extends Contender {
  final FrameworkEntry framework;
  final int frameworkSlot;
  final RoleNode role;

  /** True if it takes offers: its framework is active, is in the role and has not suppressed it. */
  boolean isActive;

  /** Its refusals by agent slot, newest first; grown when needed. */
  private @Nullable Filter[] filters = new Filter[0];

  /** How many there are, also of agents that are gone until another takes their slot. */
  long activeFilters;

  Client(FrameworkEntry framework, int frameworkSlot, RoleNode role) {
    super(framework.profile.id());
    this.framework = framework;
    this.frameworkSlot = frameworkSlot;
    this.role = role;
  }

  @Override
  Line line() {
    return role.clients.line;
  }

  @Nullable Filter filter(AgentEntry agent) {
    Filter filter = agent.slot < filters.length ? filters[agent.slot] : null;
    return filter != null && filter.agent.equals(agent) ? filter : null;
  }

  void setFilter(AgentEntry agent, @Nullable Filter filter) {
    if (agent.slot >= filters.length) {
      if (filter == null) {
        return;
      }
      filters = Arrays.copyOf(filters, Math.max(agent.slot + 1, 2 * filters.length));
    }
    activeFilters += length(filter) - length(filters[agent.slot]);
    filters[agent.slot] = filter;
  }

  private static int length(@Nullable Filter chain) {
    int length = 0;
    for (Filter f = chain; f != null; f = f.older) {
      length++;
    }
    return length;
  }

  void clearFilters() {
    filters = new Filter[0];
    activeFilters = 0;
  }

  /** True if this one is to be served before another client, wherever in the hierarchy that is. */
  boolean comesBefore(Client that) {
    if (role.equals(that.role)) {
      return compareTo(that) < 0;
    }
    RoleNode[] mine = role.lineage;
    RoleNode[] theirs = that.role.lineage;
    int level = 0;
    while (level < mine.length && level < theirs.length && mine[level].equals(theirs[level])) {
      level++;
    }
    Contender left = level < mine.length ? mine[level] : role.clients;
    Contender right = level < theirs.length ? theirs[level] : that.role.clients;
    return left.compareTo(right) < 0;
  }
}
