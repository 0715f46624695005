package io.perigee.master.server;

import com.fasterxml.jackson.core.JsonGenerator;
import io.perigee.endpoints.Build;
import io.perigee.endpoints.JsonAnswers;
import io.perigee.endpoints.JsonFragment;
import io.perigee.master.core.cluster.AgentSnapshot;
import io.perigee.master.core.cluster.ClusterSnapshot;
import io.perigee.master.core.cluster.FrameworkSnapshot;
import io.perigee.master.core.cluster.Task;
import io.perigee.mesos.v1.AgentInfo;
import io.perigee.mesos.v1.TaskState;
import io.perigee.model.Resources;
import io.perigee.protocol.json.MesosJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The old endpoints' views of a cluster. For one thread. Source:
 * mesos/src/master/readonly_handler.cpp.
 */
final class StateJson {
  /** Those that {@code /state-summary} counts, in Mesos' order. */
  private static final List<TaskState> COUNTED =
      List.of(
          TaskState.TASK_STAGING,
          TaskState.TASK_STARTING,
          TaskState.TASK_RUNNING,
          TaskState.TASK_KILLING,
          TaskState.TASK_FINISHED,
          TaskState.TASK_KILLED,
          TaskState.TASK_FAILED,
          TaskState.TASK_LOST,
          TaskState.TASK_ERROR,
          TaskState.TASK_UNREACHABLE);

  private final MasterIdentity identity;
  private final Build build;
  private final Map<String, String> flags;
  private final Fragments<Task> tasks = new Fragments<>();
  private final Fragments<AgentSnapshot> agents = new Fragments<>();

  StateJson(MasterIdentity identity, Build build, Map<String, String> flags) {
    this.identity = identity;
    this.build = build;
    this.flags = flags;
  }

  void writeState(ClusterView view, JsonGenerator out) throws IOException {
    ClusterSnapshot snapshot = view.snapshot();
    out.writeStartObject();
    build.write(out);
    writeNumber("start_time", identity.startSeconds(), out);
    writeNumber("elected_time", identity.startSeconds(), out);
    out.writeStringField("id", identity.id());
    out.writeStringField("pid", identity.pid());
    out.writeStringField("hostname", identity.hostname());
    out.writeArrayFieldStart("capabilities");
    out.writeString("AGENT_UPDATE");
    out.writeString("AGENT_DRAINING");
    out.writeString("QUOTA_V2");
    out.writeEndArray();
    long active = snapshot.agents().stream().filter(AgentSnapshot::isActive).count();
    writeNumber("activated_slaves", (double) active, out);
    writeNumber("deactivated_slaves", (double) (snapshot.agents().size() - active), out);
    writeNumber("unreachable_slaves", (double) snapshot.unreachableAgents().size(), out);
    out.writeStringField("leader", identity.pid());
    out.writeObjectFieldStart("leader_info");
    out.writeStringField("id", identity.id());
    out.writeStringField("pid", identity.pid());
    out.writeNumberField("port", identity.port());
    out.writeStringField("hostname", identity.hostname());
    out.writeEndObject();
    if (identity.cluster() != null) {
      out.writeStringField("cluster", identity.cluster());
    }
    String logDir = flags.get("log_dir");
    if (logDir != null) {
      out.writeStringField("log_dir", logDir);
    }
    writeFlags(out);
    writeAllAgents(view, out);
    writeAllFrameworks(view, out);
    out.writeArrayFieldStart("orphan_tasks");
    out.writeEndArray();
    writeUnregistered(out);
    out.writeEndObject();
  }

  private static void writeNumber(String name, double value, JsonGenerator out) throws IOException {
    out.writeFieldName(name);
    MesosJson.writeNumber(value, out);
  }

  /** The field {@code flags}. */
  void writeFlags(JsonGenerator out) throws IOException {
    out.writeObjectFieldStart("flags");
    for (Map.Entry<String, String> flag : flags.entrySet()) {
      out.writeStringField(flag.getKey(), flag.getValue());
    }
    out.writeEndObject();
  }

  private void writeAllAgents(ClusterView view, JsonGenerator out) throws IOException {
    Fragments<AgentSnapshot>.Showing shown = agents.all();
    out.writeArrayFieldStart("slaves");
    for (AgentSnapshot agent : view.snapshot().agents()) {
      Resources used = view.usedOn(agent.id());
      Resources offered = view.offeredOn(agent.id());
      byte[] json =
          shown.of(
              agent,
              List.of(used, offered),
              () ->
                  JsonAnswers.bytes(fields -> {
                    fields.writeStartObject();
                    AgentJson.writeFields(agent, used, offered, fields);
                    fields.writeEndObject();
                  }));
      out.writeRawValue(new JsonFragment(json));
    }
    out.writeEndArray();
    shown.end();
    writeRecovered(view, id -> true, out);
  }

  private static void writeRecovered(ClusterView view, Predicate<String> wanted, JsonGenerator out)
      throws IOException {
    out.writeArrayFieldStart("recovered_slaves");
    for (AgentInfo info : view.snapshot().recoveredAgents()) {
      if (wanted.test(info.getId().getValue())) {
        AgentJson.writeRecovered(info, out);
      }
    }
    out.writeEndArray();
  }

  private void writeAllFrameworks(ClusterView view, JsonGenerator out) throws IOException {
    Fragments<Task>.Showing shown = tasks.all();
    writeFrameworks(view, id -> true, shown, out);
    shown.end();
  }

  private static void writeFrameworks(
      ClusterView view, Predicate<String> wanted, Fragments<Task>.Showing shown, JsonGenerator out)
      throws IOException {
    out.writeArrayFieldStart("frameworks");
    for (FrameworkSnapshot framework : view.snapshot().frameworks()) {
      if (wanted.test(framework.id())) {
        FrameworkJson.write(framework, shown, out);
      }
    }
    out.writeEndArray();
    out.writeArrayFieldStart("completed_frameworks");
    for (FrameworkSnapshot framework : view.snapshot().completedFrameworks()) {
      if (wanted.test(framework.id())) {
        FrameworkJson.write(framework, shown, out);
      }
    }
    out.writeEndArray();
  }

  private static void writeUnregistered(JsonGenerator out) throws IOException {
    out.writeArrayFieldStart("unregistered_frameworks");
    out.writeEndArray();
  }

  /** {@code /slaves}. */
  void writeSlaves(ClusterView view, Predicate<String> wanted, JsonGenerator out)
      throws IOException {
    out.writeStartObject();
    out.writeArrayFieldStart("slaves");
    for (AgentSnapshot agent : view.snapshot().agents()) {
      if (wanted.test(agent.id())) {
        Resources used = view.usedOn(agent.id());
        Resources offered = view.offeredOn(agent.id());
        out.writeStartObject();
        AgentJson.writeFields(agent, used, offered, out);
        AgentJson.writeFullFields(agent, used, offered, out);
        out.writeEndObject();
      }
    }
    out.writeEndArray();
    writeRecovered(view, wanted, out);
    out.writeEndObject();
  }

  /** {@code /frameworks}. */
  void writeFrameworksPage(ClusterView view, Predicate<String> wanted, JsonGenerator out)
      throws IOException {
    out.writeStartObject();
    writeFrameworks(view, wanted, tasks.some(), out);
    writeUnregistered(out);
    out.writeEndObject();
  }

  /**
   * Which tasks {@code /tasks} shows.
   *
   * @param frameworkId and
   * @param taskId the only ones wanted; empty for all
   */
  record TaskQuery(int limit, int offset, boolean isAscending, String frameworkId, String taskId) {}

  /** {@code /tasks}: of all frameworks, ordered by the time of their first status. */
  void writeTasks(ClusterView view, TaskQuery query, JsonGenerator out) throws IOException {
    List<Task> tasks = new ArrayList<>();
    for (List<FrameworkSnapshot> some :
        List.of(view.snapshot().frameworks(), view.snapshot().completedFrameworks())) {
      for (FrameworkSnapshot framework : some) {
        if (query.frameworkId().isEmpty() || framework.id().equals(query.frameworkId())) {
          addIfWanted(framework.tasks(), query, tasks);
          addIfWanted(framework.unreachableTasks(), query, tasks);
          addIfWanted(framework.completedTasks(), query, tasks);
        }
      }
    }
    Comparator<Task> byTime = Comparator.comparingDouble(StateJson::firstSeen);
    tasks.sort(query.isAscending() ? byTime : byTime.reversed());
    out.writeStartObject();
    out.writeArrayFieldStart("tasks");
    int end = (int) Math.min(tasks.size(), (long) query.offset() + query.limit());
    for (int i = query.offset(); i < end; i++) {
      FrameworkJson.writeTask(tasks.get(i), out);
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  private static void addIfWanted(List<Task> some, TaskQuery query, List<Task> tasks) {
    for (Task task : some) {
      if (query.taskId().isEmpty() || task.id().equals(query.taskId())) {
        tasks.add(task);
      }
    }
  }

  private static double firstSeen(Task task) {
    return task.statuses().isEmpty() ? 0 : task.statuses().getFirst().getTimestamp();
  }

  /** {@code /state-summary}. */
  void writeSummary(ClusterView view, JsonGenerator out) throws IOException {
    Map<String, Tally> byAgent = new HashMap<>();
    Map<String, Tally> byFramework = new HashMap<>();
    for (FrameworkSnapshot framework : view.snapshot().frameworks()) {
      Tally ofFramework = byFramework.computeIfAbsent(framework.id(), id -> new Tally());
      for (List<Task> tasks :
          List.of(framework.tasks(), framework.unreachableTasks(), framework.completedTasks())) {
        for (Task task : tasks) {
          ofFramework.count(task.state(), task.agentId());
          byAgent
              .computeIfAbsent(task.agentId(), id -> new Tally())
              .count(task.state(), framework.id());
        }
      }
    }
    out.writeStartObject();
    out.writeStringField("hostname", identity.hostname());
    if (identity.cluster() != null) {
      out.writeStringField("cluster", identity.cluster());
    }
    out.writeArrayFieldStart("slaves");
    for (AgentSnapshot agent : view.snapshot().agents()) {
      out.writeStartObject();
      AgentJson.writeFields(agent, view.usedOn(agent.id()), view.offeredOn(agent.id()), out);
      byAgent.getOrDefault(agent.id(), new Tally()).write("framework_ids", out);
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeArrayFieldStart("frameworks");
    for (FrameworkSnapshot framework : view.snapshot().frameworks()) {
      out.writeStartObject();
      FrameworkJson.writeSummaryFields(framework, out);
      byFramework.getOrDefault(framework.id(), new Tally()).write("slave_ids", out);
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  /** Tasks by state, and who has or had them. */
  private static final class Tally {
    private final Map<TaskState, Integer> states = new EnumMap<>(TaskState.class);
    private final Set<String> others = new LinkedHashSet<>();

    private void count(TaskState state, String other) {
      states.merge(state, 1, Integer::sum);
      others.add(other);
    }

    private void write(String othersName, JsonGenerator out) throws IOException {
      for (TaskState state : COUNTED) {
        out.writeNumberField(state.name(), states.getOrDefault(state, 0));
      }
      out.writeArrayFieldStart(othersName);
      for (String other : others) {
        out.writeString(other);
      }
      out.writeEndArray();
    }
  }
}
