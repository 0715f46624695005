package io.perigee.master.core.cluster;

import io.perigee.model.Resources;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An agent of the cluster, connected or expected back. Owned by the loop. */
public final class Agent {
  private final int slot;
  private AgentIdentity identity;
  private String processId;
  private Resources total;

  /** 0 while it is not connected. */
  private long link;

  private boolean isSuspected;
  private int missedPings;
  private long heardNanos;
  private long registeredNanos;
  private long reregisteredNanos;

  /**
   * Grows with each change of what is held on this agent, so that an audit need not look at all.
   */
  private long version;

  private final Map<TaskKey, TaskCell> tasks = new LinkedHashMap<>();
  private final ExecutorTable executors = new ExecutorTable();
  private final Map<String, Offer> offers = new LinkedHashMap<>();
  private @Nullable AgentSnapshot snapshot;

  Agent(int slot, AgentIdentity identity, String processId, Resources total) {
    this.slot = slot;
    this.identity = identity;
    this.processId = processId;
    this.total = total;
  }

  public int slot() {
    return slot;
  }

  public String id() {
    return identity.id();
  }

  public AgentIdentity identity() {
    return identity;
  }

  /** Differs in each start of the agent's process. */
  public String processId() {
    return processId;
  }

  public Resources total() {
    return total;
  }

  public void update(AgentIdentity newIdentity, String newProcessId, Resources newTotal) {
    identity = newIdentity;
    processId = newProcessId;
    total = newTotal;
    version++;
    touch();
  }

  public boolean isConnected() {
    return link != 0;
  }

  public long link() {
    return link;
  }

  /** True if its free resources may be offered. */
  public boolean isActive() {
    return isConnected() && !isSuspected;
  }

  public void connect(long newLink, long nowNanos) {
    boolean isFirst = registeredNanos == 0;
    link = newLink;
    heard(nowNanos);
    if (isFirst) {
      registeredNanos = nowNanos;
    } else {
      reregisteredNanos = nowNanos;
    }
    touch();
  }

  public void disconnect() {
    link = 0;
    touch();
  }

  /** It said something: it lives. */
  public void heard(long nowNanos) {
    heardNanos = nowNanos;
    missedPings = 0;
    if (isSuspected) {
      isSuspected = false;
      touch();
    }
  }

  public long heardNanos() {
    return heardNanos;
  }

  /** A ping was not answered in time. Returns how many in a row that makes. */
  public int missPing() {
    isSuspected = true;
    touch();
    return ++missedPings;
  }

  public boolean isSuspected() {
    return isSuspected;
  }

  public long version() {
    return version;
  }

  void countChange() {
    version++;
  }

  public Collection<TaskCell> tasks() {
    return tasks.values();
  }

  public @Nullable TaskCell task(TaskKey key) {
    return tasks.get(key);
  }

  void add(TaskCell cell) {
    tasks.put(new TaskKey(cell.framework().id(), cell.task().id()), cell);
    version++;
  }

  void remove(TaskCell cell) {
    tasks.remove(new TaskKey(cell.framework().id(), cell.task().id()));
    version++;
  }

  /** A copy. */
  public List<Executor> executors() {
    return executors.all();
  }

  public @Nullable Executor executor(String frameworkId, String executorId) {
    return executors.get(frameworkId, executorId);
  }

  /** Of the executors that a framework has here; immutable. */
  public List<String> executorIds(String frameworkId) {
    return executors.ids(frameworkId);
  }

  void add(Executor executor) {
    executors.put(executor.frameworkId(), executor);
    version++;
  }

  void remove(Executor executor) {
    executors.remove(executor.frameworkId(), executor.id());
    version++;
  }

  public Collection<Offer> offers() {
    return offers.values();
  }

  void add(Offer offer) {
    offers.put(offer.id(), offer);
    version++;
  }

  void remove(Offer offer) {
    offers.remove(offer.id());
    version++;
  }

  /** Says that a snapshot taken before is no longer true. */
  private void touch() {
    snapshot = null;
  }

  public AgentSnapshot snapshot() {
    if (snapshot == null) {
      snapshot =
          new AgentSnapshot(
              identity, total, isConnected(), isActive(), registeredNanos, reregisteredNanos);
    }
    return snapshot;
  }
}
