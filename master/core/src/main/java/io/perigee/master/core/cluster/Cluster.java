package io.perigee.master.core.cluster;

import io.perigee.mesos.v1.AgentInfo;
import io.perigee.mesos.v1.FrameworkInfo;
import io.perigee.model.Resources;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tables of the master: who is there, by id and by slot. Keeps them consistent with each other;
 * decides nothing.
 */
public final class Cluster {
  /**
   * Agents remembered as unreachable; the oldest is forgotten beyond it, as by Mesos'
   * registry_max_agent_count.
   */
  private static final int MOST_UNREACHABLE_AGENTS = 102_400;

  private final Map<String, Framework> frameworks = new LinkedHashMap<>();
  private final List<@Nullable Framework> frameworkSlots = new ArrayList<>();
  private final Slots freeFrameworkSlots = new Slots();
  private final Map<Long, Framework> streams = new LinkedHashMap<>();
  private final ArrayDeque<FrameworkSnapshot> completedFrameworks = new ArrayDeque<>();

  private final Map<String, Agent> agents = new LinkedHashMap<>();
  private final List<@Nullable Agent> agentSlots = new ArrayList<>();
  private final Slots freeAgentSlots = new Slots();
  private final Map<Long, Agent> links = new LinkedHashMap<>();
  private final Map<String, Agent> addresses = new LinkedHashMap<>();
  private final Map<String, UnreachableAgent> unreachableAgents = new LinkedHashMap<>();

  private final Map<String, AgentInfo> recoveredAgents = new LinkedHashMap<>();

  private final Map<String, Offer> offers = new LinkedHashMap<>();

  // Frameworks.

  public Collection<Framework> frameworks() {
    return frameworks.values();
  }

  public @Nullable Framework framework(String id) {
    return frameworks.get(id);
  }

  /** The framework whose stream this is, or null if the stream is not the current one of any. */
  public @Nullable Framework frameworkOfStream(long stream) {
    return streams.get(stream);
  }

  public Framework framework(int slot) {
    return present(frameworkSlots.get(slot), "framework", slot);
  }

  /**
   * @param info with its id set to one that is not in use
   */
  public Framework addFramework(FrameworkInfo info) {
    Framework framework = new Framework(freeFrameworkSlots.take(), info);
    put(frameworkSlots, framework.slot(), framework);
    frameworks.put(framework.id(), framework);
    return framework;
  }

  public void connect(Framework framework, long stream, String streamId, long nowNanos) {
    streams.remove(framework.stream());
    framework.connect(stream, streamId, nowNanos);
    streams.put(stream, framework);
  }

  public void disconnect(Framework framework) {
    streams.remove(framework.stream());
    framework.disconnect();
  }

  /** Moves a framework without tasks and offers to the completed ones. */
  public void complete(Framework framework, long nowNanos, int most) {
    streams.remove(framework.stream());
    frameworks.remove(framework.id());
    put(frameworkSlots, framework.slot(), null);
    freeFrameworkSlots.giveBack(framework.slot());
    completedFrameworks.addLast(framework.snapshot().ended(nowNanos));
    while (completedFrameworks.size() > most) {
      completedFrameworks.removeFirst();
    }
  }

  public boolean isCompleted(String frameworkId) {
    return completedFrameworks.stream().anyMatch(f -> f.id().equals(frameworkId));
  }

  // Agents.

  public Collection<Agent> agents() {
    return agents.values();
  }

  public @Nullable Agent agent(String id) {
    return agents.get(id);
  }

  /** The agent whose link this is, or null if the link is not the current one of any. */
  public @Nullable Agent agentOfLink(long link) {
    return links.get(link);
  }

  /** The agent that registered from an address, or null; see {@link AgentIdentity#pid}. */
  public @Nullable Agent agentAt(String pid) {
    return addresses.get(pid);
  }

  public Agent agent(int slot) {
    return present(agentSlots.get(slot), "agent", slot);
  }

  public Agent addAgent(AgentIdentity identity, String processId, Resources total) {
    Agent agent = new Agent(freeAgentSlots.take(), identity, processId, total);
    put(agentSlots, agent.slot(), agent);
    agents.put(agent.id(), agent);
    addresses.put(agent.identity().pid(), agent);
    unreachableAgents.remove(agent.id());
    recoveredAgents.remove(agent.id());
    return agent;
  }

  /** Remembers an agent of the registry that has not come back to this master yet. */
  public void addRecovered(AgentInfo info) {
    recoveredAgents.put(info.getId().getValue(), info);
  }

  /** Forgets such an agent; null if there was none. */
  public @Nullable AgentInfo removeRecovered(String agentId) {
    return recoveredAgents.remove(agentId);
  }

  public boolean isRecovered(String agentId) {
    return recoveredAgents.containsKey(agentId);
  }

  public boolean hasRecoveredAgents() {
    return !recoveredAgents.isEmpty();
  }

  public Collection<AgentInfo> recoveredAgents() {
    return recoveredAgents.values();
  }

  public void connect(Agent agent, long link, long nowNanos) {
    links.remove(agent.link());
    agent.connect(link, nowNanos);
    links.put(link, agent);
  }

  public void disconnect(Agent agent) {
    links.remove(agent.link());
    agent.disconnect();
  }

  /** Forgets an agent without tasks and offers. */
  public void removeAgent(Agent agent) {
    links.remove(agent.link());
    agents.remove(agent.id());
    addresses.remove(agent.identity().pid(), agent);
    put(agentSlots, agent.slot(), null);
    freeAgentSlots.giveBack(agent.slot());
  }

  public void markUnreachable(String agentId, long sinceNanos) {
    recoveredAgents.remove(agentId);
    unreachableAgents.put(agentId, new UnreachableAgent(agentId, sinceNanos));
    while (unreachableAgents.size() > MOST_UNREACHABLE_AGENTS) {
      unreachableAgents.remove(unreachableAgents.keySet().iterator().next());
    }
  }

  public @Nullable UnreachableAgent unreachableAgent(String agentId) {
    return unreachableAgents.get(agentId);
  }

  // Tasks.

  public TaskCell addTask(Framework framework, Agent agent, Task task) {
    TaskCell cell = new TaskCell(framework, agent, task);
    framework.add(cell);
    agent.add(cell);
    return cell;
  }

  /** Takes a task from its framework's and its agent's tables. */
  public void removeTask(TaskCell cell) {
    cell.framework().remove(cell);
    cell.agent().remove(cell);
  }

  // Executors.

  public void addExecutor(Executor executor) {
    framework(executor).add(executor);
    agent(executor).add(executor);
  }

  public void removeExecutor(Executor executor) {
    framework(executor).remove(executor);
    agent(executor).remove(executor);
  }

  public Framework framework(Executor executor) {
    return present(frameworks.get(executor.frameworkId()), "framework", executor.frameworkId());
  }

  public Agent agent(Executor executor) {
    return present(agents.get(executor.agentId()), "agent", executor.agentId());
  }

  // Offers.

  public @Nullable Offer offer(String id) {
    return offers.get(id);
  }

  public void addOffer(Offer offer) {
    offers.put(offer.id(), offer);
    framework(offer.frameworkSlot()).add(offer);
    agent(offer.agentSlot()).add(offer);
  }

  public void removeOffer(Offer offer) {
    offers.remove(offer.id());
    framework(offer.frameworkSlot()).remove(offer);
    agent(offer.agentSlot()).remove(offer);
  }

  public ClusterSnapshot snapshot(long nowNanos, Map<String, Double> counters) {
    return new ClusterSnapshot(
        nowNanos,
        agents.values().stream().map(Agent::snapshot).toList(),
        List.copyOf(recoveredAgents.values()),
        List.copyOf(unreachableAgents.values()),
        frameworks.values().stream().map(Framework::snapshot).toList(),
        List.copyOf(completedFrameworks),
        counters);
  }

  private static <T> void put(List<@Nullable T> slots, int slot, @Nullable T value) {
    while (slots.size() <= slot) {
      slots.add(null);
    }
    slots.set(slot, value);
  }

  private static <T> T present(@Nullable T value, String what, Object where) {
    if (value == null) {
      throw new IllegalStateException("no " + what + " " + where);
    }
    return value;
  }
}
