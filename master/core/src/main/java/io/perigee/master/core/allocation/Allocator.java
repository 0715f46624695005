package io.perigee.master.core.allocation;

import io.perigee.common.SeededRandom;
import io.perigee.model.Resources;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Decides which framework is offered which agent's free resources.
 *
 * <p>Frameworks and agents are known by slots: small numbers that their owner hands out, each used
 * once at a time. Something that happens to an agent puts it on a list; {@link #run} looks at the
 * agents on the list, in random order, and gives all that is free on one to the first client in the
 * order of shares that may and wants to have it. Source:
 * mesos/src/master/allocator/mesos/hierarchical.cpp; unlike there, what became free is given away
 * at the next run, not at the next tick of a second (see
 * docs/decisions/0004-event-driven-allocation.md).
 */
public final class Allocator {
  private final AllocatorConfig config;
  private final SeededRandom random;
  private final ScalarIndex scalars;
  private final Takers takers;
  private final RoleNode root = RoleNode.root();
  private final Filters filters = new Filters();
  private final List<@Nullable FrameworkEntry> frameworks = new ArrayList<>();
  private final List<@Nullable AgentEntry> agents = new ArrayList<>();
  private final long[] totals = new long[ScalarIndex.MOST];
  private boolean haveTotalsChanged;

  private final long[] change = new long[ScalarIndex.MOST];

  /** Frameworks that said themselves what is worth an offer to them. */
  private int ownMinimums;

  /** Agents to look at in the next run. */
  private List<AgentEntry> listed = new ArrayList<>();

  private long lastRunNanos = Long.MIN_VALUE / 2;
  private long runs;

  /** Hears what a run decided. */
  @FunctionalInterface
  public interface Offers {
    void offer(int frameworkSlot, String role, int agentSlot, Resources resources);
  }

  /** Resources that a framework holds on an agent, offered or used. */
  public record Held(int frameworkSlot, String role, Resources resources) {}

  public Allocator(AllocatorConfig config, SeededRandom random) {
    this.config = config;
    this.random = random;
    this.scalars = new ScalarIndex(config.excludedFromShares());
    this.takers = new Takers(config);
  }

  // Frameworks.

  /**
   * Makes a framework known, or changes it. What it holds stays; a role it left keeps counting what
   * it still holds there.
   *
   * @param roles the roles it may be offered resources for now: not suppressed; none while it is
   *     inactive
   */
  public void setFramework(int slot, FrameworkProfile profile, Collection<String> roles) {
    while (frameworks.size() <= slot) {
      frameworks.add(null);
    }
    FrameworkEntry framework = frameworks.get(slot);
    if (framework == null) {
      framework = new FrameworkEntry(profile);
      frameworks.set(slot, framework);
      ownMinimums += countOwnMinimum(profile);
    }
    ownMinimums += countOwnMinimum(profile) - countOwnMinimum(framework.profile);
    framework.profile = profile;
    for (String role : roles) {
      activate(client(framework, slot, role));
    }
    for (Client client : framework.clients.values()) {
      if (client.isActive && !roles.contains(client.role.path)) {
        deactivate(client);
      }
    }
  }

  /** Forgets a framework that holds nothing any more; its slot may be used again. */
  public void removeFramework(int slot) {
    FrameworkEntry framework = framework(slot);
    for (Client client : framework.clients.values()) {
      if (client.isActive) {
        deactivate(client);
      }
    }
    ownMinimums -= countOwnMinimum(framework.profile);
    frameworks.set(slot, null);
  }

  private static int countOwnMinimum(FrameworkProfile profile) {
    return profile.minAllocatable().isEmpty() ? 0 : 1;
  }

  /** Forgets what a framework refused for a role, so that it is asked again about every agent. */
  public void revive(int slot, String role) {
    Client client = client(framework(slot), slot, role);
    client.clearFilters();
    if (client.isActive) {
      ask(client);
    }
  }

  private FrameworkEntry framework(int slot) {
    FrameworkEntry framework = frameworks.get(slot);
    if (framework == null) {
      throw new IllegalStateException("no framework in slot " + slot);
    }
    return framework;
  }

  private Client client(FrameworkEntry framework, int slot, String role) {
    return framework.clients.computeIfAbsent(
        role, r -> new Client(framework, slot, root.descend(r)));
  }

  private void activate(Client client) {
    if (!client.isActive) {
      client.isActive = true;
      client.computeShare(totals);
      client.line().add(client);
      count(client.role, 1);
      ask(client);
    }
  }

  private void deactivate(Client client) {
    client.isActive = false;
    client.line().remove(client);
    count(client.role, -1);
  }

  private static void count(RoleNode role, int change) {
    for (RoleNode node : role.lineage) {
      node.activeClients += change;
    }
  }

  /** Looks at every agent again, for this client alone. */
  private void ask(Client client) {
    for (AgentEntry agent : agents) {
      if (agent != null && agent.isActive && !agent.available.isEmpty()) {
        agent.candidates.add(client);
        list(agent);
      }
    }
  }

  // Agents.

  /**
   * Makes an agent known.
   *
   * @param held what frameworks hold on it already, part of {@code total}
   */
  public void addAgent(int slot, Resources total, List<Held> held, boolean isActive) {
    while (agents.size() <= slot) {
      agents.add(null);
    }
    AgentEntry agent = new AgentEntry(slot);
    agents.set(slot, agent);
    changeTotal(agent, total);
    agent.available = total;
    agent.isActive = isActive;
    for (Held part : held) {
      agent.available = agent.available.minus(part.resources());
      charge(
          client(framework(part.frameworkSlot()), part.frameworkSlot(), part.role()),
          part.resources(),
          1);
    }
    offerToEverybody(agent);
  }

  /**
   * Changes what an agent has.
   *
   * @param available the new total without all that frameworks hold on it
   */
  public void changeAgent(int slot, Resources total, Resources available) {
    AgentEntry agent = agent(slot);
    changeTotal(agent, total);
    agent.available = available;
    offerToEverybody(agent);
  }

  /** Stops or resumes offers of an agent; what is held of it stays held. */
  public void setAgentActive(int slot, boolean isActive) {
    AgentEntry agent = agent(slot);
    agent.isActive = isActive;
    offerToEverybody(agent);
  }

  /** Forgets an agent of which nobody holds anything any more; its slot may be used again. */
  public void removeAgent(int slot) {
    AgentEntry agent = agent(slot);
    changeTotal(agent, Resources.EMPTY);
    agent.isPresent = false;
    agents.set(slot, null);
  }

  private AgentEntry agent(int slot) {
    AgentEntry agent = agents.get(slot);
    if (agent == null) {
      throw new IllegalStateException("no agent in slot " + slot);
    }
    return agent;
  }

  private void changeTotal(AgentEntry agent, Resources total) {
    scalars.add(totals, agent.total, -1);
    scalars.add(totals, total, 1);
    agent.setTotal(total);
    haveTotalsChanged = true;
  }

  private void offerToEverybody(AgentEntry agent) {
    agent.candidates.addEverybody();
    list(agent);
  }

  private void list(AgentEntry agent) {
    if (!agent.isListed && agent.isActive) {
      agent.isListed = true;
      listed.add(agent);
    }
  }

  /** What is free on an agent: neither offered nor used. */
  public Resources available(int agentSlot) {
    return agent(agentSlot).available;
  }

  // What frameworks hold.

  /**
   * Takes free resources for a framework without an offer: a task that came back with its agent.
   */
  public void hold(int frameworkSlot, String role, int agentSlot, Resources resources) {
    AgentEntry agent = agent(agentSlot);
    agent.available = agent.available.minus(resources);
    charge(client(framework(frameworkSlot), frameworkSlot, role), resources, 1);
  }

  /** Takes back what a framework held: a task ended, an offer was withdrawn. */
  public void release(int frameworkSlot, String role, int agentSlot, Resources resources) {
    AgentEntry agent = agent(agentSlot);
    charge(client(framework(frameworkSlot), frameworkSlot, role), resources, -1);
    agent.available = agent.available.plus(resources);
    offerToEverybody(agent);
  }

  /**
   * Takes back what a framework was offered and does not want.
   *
   * @param refuseNanos how long it does not want it; less than the allocation interval counts as
   *     that
   */
  public void refuse(
      int frameworkSlot,
      String role,
      int agentSlot,
      Resources resources,
      long refuseNanos,
      long nowNanos) {
    release(frameworkSlot, role, agentSlot, resources);
    if (!resources.isEmpty()) {
      filters.add(
          client(framework(frameworkSlot), frameworkSlot, role),
          agent(agentSlot),
          resources,
          nowNanos + Math.max(refuseNanos, config.allocationIntervalNanos()),
          nowNanos);
    }
  }

  private void charge(Client client, Resources resources, int sign) {
    Arrays.fill(change, 0);
    scalars.add(change, resources, sign);
    move(client, client.isActive, sign);
    move(client.role.clients, true, sign);
    for (RoleNode node = client.role; node.parent != null; node = node.parent) {
      move(node, true, sign);
    }
  }

  private void move(Contender contender, boolean stands, int sign) {
    if (stands) {
      contender.line().remove(contender);
    }
    for (int i = 0; i < change.length; i++) {
      contender.allocated[i] += change[i];
    }
    contender.allocations += sign > 0 ? 1 : 0;
    contender.computeShare(totals);
    if (stands) {
      contender.line().add(contender);
    }
  }

  // Runs.

  /** When {@link #run} is wanted, or {@link Long#MAX_VALUE} if nothing is to be done. */
  public long nextRunNanos() {
    return listed.isEmpty() ? filters.nextEndNanos() : lastRunNanos + config.coalesceNanos();
  }

  /** Gives away what is free on the agents to which something happened. */
  public void run(long nowNanos, Offers offers) {
    runs++;
    lastRunNanos = nowNanos;
    if (haveTotalsChanged) {
      haveTotalsChanged = false;
      resort(root);
    }
    listAfterEndedFilters(nowNanos);
    List<AgentEntry> work = listed;
    listed = new ArrayList<>();
    shuffle(work);
    for (AgentEntry agent : work) {
      agent.isListed = false;
      if (agent.isPresent && agent.isActive) {
        giveAway(agent, nowNanos, offers);
      }
      agent.candidates.clear();
    }
  }

  private void resort(RoleNode node) {
    node.children.resort(totals);
    node.clients.line.resort(totals);
    for (RoleNode subrole : node.subroles()) {
      resort(subrole);
    }
  }

  private void listAfterEndedFilters(long nowNanos) {
    for (List<Filter> ended = filters.pollEnded(nowNanos);
        ended != null;
        ended = filters.pollEnded(nowNanos)) {
      for (Filter filter : ended) {
        if (filter.agent.isPresent && !filter.agent.available.isEmpty()) {
          filter.agent.candidates.add(filter.client);
          list(filter.agent);
        }
      }
    }
  }

  /** Agents in random order, as in Mesos: no agent is always the first to be filled. */
  private void shuffle(List<AgentEntry> work) {
    for (int i = work.size() - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      AgentEntry swapped = work.get(i);
      work.set(i, work.get(other));
      work.set(other, swapped);
    }
  }

  private void giveAway(AgentEntry agent, long nowNanos, Offers offers) {
    while (!agent.available.isEmpty()) {
      Takers.Grant grant = takers.first(root, agent, ownMinimums > 0, nowNanos);
      if (grant == null) {
        return;
      }
      Client client = grant.client();
      Resources resources = grant.resources();
      agent.available = agent.available.minus(resources);
      charge(client, resources, 1);
      offers.offer(client.frameworkSlot, client.role.path, agent.slot, resources);
    }
  }

  // What metrics show.

  /** Runs since the start. */
  public long runs() {
    return runs;
  }

  /** Refusals that are remembered. */
  public int activeFilters() {
    return filters.count();
  }

  /** What all agents have together, in thousandths, by scalar. */
  public Map<String, Long> totals() {
    return scalars.byName(totals);
  }

  /** What frameworks hold of it, offered or used; names of which there is nothing are left out. */
  public Map<String, Long> allocated() {
    long[] sum = new long[ScalarIndex.MOST];
    for (RoleNode role : root.subroles()) {
      for (int i = 0; i < sum.length; i++) {
        sum[i] += role.allocated[i];
      }
    }
    Map<String, Long> allocated = new TreeMap<>();
    scalars.byName(totals).keySet().forEach(name -> allocated.put(name, 0L));
    allocated.putAll(scalars.byName(sum));
    return allocated;
  }

  /** Refusals that are in force, by the role they are for; of roles that somebody is in. */
  public Map<String, Long> activeFiltersByRole() {
    Map<String, Long> active = new TreeMap<>();
    for (FrameworkEntry framework : frameworks) {
      if (framework != null) {
        for (Client client : framework.clients.values()) {
          active.merge(client.role.path, client.activeFilters, Long::sum);
        }
      }
    }
    return active;
  }

  /** The dominant share of each role that holds or held something, by its whole name. */
  public Map<String, Double> dominantShares() {
    Map<String, Double> shares = new TreeMap<>();
    collectShares(root, shares);
    return shares;
  }

  private static void collectShares(RoleNode node, Map<String, Double> shares) {
    for (RoleNode subrole : node.subroles()) {
      shares.put(subrole.path, subrole.share);
      collectShares(subrole, shares);
    }
  }
}
