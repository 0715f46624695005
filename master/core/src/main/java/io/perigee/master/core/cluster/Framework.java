package io.perigee.master.core.cluster;

import io.perigee.mesos.v1.FrameworkInfo;
import io.perigee.mesos.v1.scheduler.Call;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A framework that is subscribed, may come back, or is known from its tasks. Owned by the loop. */
public final class Framework {
  private final int slot;
  private final String id;
  private FrameworkInfo info;
  private Capabilities capabilities;
  private Set<String> suppressedRoles = Set.of();

  /** 0 while it is not connected. */
  private long stream;

  private String streamId = "";
  private boolean isRecovered;
  private long registeredNanos;
  private long reregisteredNanos;

  private final Map<String, TaskCell> tasks = new LinkedHashMap<>();
  private final ExecutorTable executors = new ExecutorTable();
  private final Map<String, Offer> offers = new LinkedHashMap<>();
  private final ArrayDeque<Task> completedTasks = new ArrayDeque<>();

  /** How many of {@link #completedTasks} have an id: ids may be used again after their end. */
  private final Map<String, Integer> completedIds = new HashMap<>(); // Only looked up.

  private final Map<String, Task> unreachableTasks = new LinkedHashMap<>();
  private final FrameworkCounters counters = new FrameworkCounters();
  private @Nullable FrameworkSnapshot snapshot;

  Framework(int slot, FrameworkInfo info) {
    this.slot = slot;
    this.id = info.getId().getValue();
    this.info = info;
    this.capabilities = Capabilities.of(info);
  }

  public int slot() {
    return slot;
  }

  public String id() {
    return id;
  }

  public FrameworkInfo info() {
    return info;
  }

  /** Takes what a scheduler may change; see mesos/src/master/framework.cpp, Framework::update. */
  public void update(FrameworkInfo newInfo) {
    info =
        newInfo.toBuilder()
            .setId(info.getId())
            .setUser(info.getUser())
            .setCheckpoint(info.getCheckpoint())
            .build();
    capabilities = Capabilities.of(info);
    touch();
  }

  public Capabilities capabilities() {
    return capabilities;
  }

  /** The roles it subscribed to: one unless it is MULTI_ROLE. */
  public List<String> roles() {
    return rolesOf(info);
  }

  @SuppressWarnings("deprecation") // Frameworks without MULTI_ROLE still use the old field.
  public static List<String> rolesOf(FrameworkInfo info) {
    return Capabilities.of(info).isMultiRole() ? info.getRolesList() : List.of(info.getRole());
  }

  public Set<String> suppressedRoles() {
    return suppressedRoles;
  }

  public void setSuppressedRoles(Collection<String> roles) {
    suppressedRoles = Collections.unmodifiableSet(new LinkedHashSet<>(roles));
    touch();
  }

  /** The roles it wants offers for; none while it is away. */
  public List<String> offeredRoles() {
    List<String> wanted = new ArrayList<>();
    if (isConnected()) {
      for (String role : roles()) {
        if (!suppressedRoles.contains(role)) {
          wanted.add(role);
        }
      }
    }
    return wanted;
  }

  public boolean isConnected() {
    return stream != 0;
  }

  public long stream() {
    return stream;
  }

  public String streamId() {
    return streamId;
  }

  /** Known from agents only: it has not subscribed since this master leads. */
  public boolean isRecovered() {
    return isRecovered;
  }

  public void markRecovered() {
    isRecovered = true;
    touch();
  }

  public void connect(long newStream, String newStreamId, long nowNanos) {
    boolean isFirst = registeredNanos == 0;
    stream = newStream;
    streamId = newStreamId;
    isRecovered = false;
    if (isFirst) {
      registeredNanos = nowNanos;
    } else {
      reregisteredNanos = nowNanos;
    }
    touch();
  }

  public void disconnect() {
    stream = 0;
    streamId = "";
    touch();
  }

  public FrameworkCounters counters() {
    return counters;
  }

  /** Counts a call of its scheduler. */
  public void count(Call.Type call) {
    counters.call(call);
    touch();
  }

  public Collection<TaskCell> tasks() {
    return tasks.values();
  }

  public @Nullable TaskCell task(String taskId) {
    return tasks.get(taskId);
  }

  void add(TaskCell cell) {
    tasks.put(cell.task().id(), cell);
    touch();
  }

  void remove(TaskCell cell) {
    tasks.remove(cell.task().id());
    touch();
  }

  /** A copy. */
  public List<Executor> executors() {
    return executors.all();
  }

  public @Nullable Executor executor(String agentId, String executorId) {
    return executors.get(agentId, executorId);
  }

  void add(Executor executor) {
    executors.put(executor.agentId(), executor);
    touch();
  }

  void remove(Executor executor) {
    executors.remove(executor.agentId(), executor.id());
    touch();
  }

  public Collection<Offer> offers() {
    return offers.values();
  }

  void add(Offer offer) {
    offers.put(offer.id(), offer);
    touch();
  }

  void remove(Offer offer) {
    offers.remove(offer.id());
    touch();
  }

  /** Remembers a task that is over; the oldest is forgotten beyond {@code most}. */
  public void complete(Task task, int most) {
    completedTasks.addLast(task);
    completedIds.merge(task.id(), 1, Integer::sum);
    while (completedTasks.size() > most) {
      completedIds.computeIfPresent(
          completedTasks.removeFirst().id(), (id, count) -> count == 1 ? null : count - 1);
    }
    touch();
  }

  /** True if a task of this id is remembered as over. */
  public boolean hasCompleted(String taskId) {
    return completedIds.containsKey(taskId);
  }

  public @Nullable Task unreachableTask(String taskId) {
    return unreachableTasks.get(taskId);
  }

  public Collection<Task> unreachableTasks() {
    return unreachableTasks.values();
  }

  /** Remembers a task whose agent is away; the oldest is forgotten beyond {@code most}. */
  public void addUnreachable(Task task, int most) {
    unreachableTasks.put(task.id(), task);
    while (unreachableTasks.size() > most) {
      unreachableTasks.remove(unreachableTasks.keySet().iterator().next());
    }
    touch();
  }

  public @Nullable Task removeUnreachable(String taskId) {
    touch();
    return unreachableTasks.remove(taskId);
  }

  /** Says that a snapshot taken before is no longer true. */
  void touch() {
    snapshot = null;
  }

  public FrameworkSnapshot snapshot() {
    if (snapshot == null) {
      snapshot =
          new FrameworkSnapshot(
              info,
              capabilities,
              roles(),
              suppressedRoles,
              isConnected(),
              isRecovered,
              registeredNanos,
              reregisteredNanos,
              0,
              tasks.values().stream().map(TaskCell::task).toList(),
              List.copyOf(unreachableTasks.values()),
              List.copyOf(completedTasks),
              List.copyOf(offers.values()),
              List.copyOf(executors.all()),
              counters.snapshot());
    }
    return snapshot;
  }
}
