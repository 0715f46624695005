package io.perigee.agent.daemon;

import com.fasterxml.jackson.core.JsonGenerator;
import io.perigee.agent.core.AgentSnapshot;
import io.perigee.common.Checked;
import io.perigee.endpoints.Build;
import io.perigee.endpoints.ResourceJson;
import io.perigee.endpoints.TaskJson;
import io.perigee.mesos.v1.AgentInfo;
import io.perigee.mesos.v1.FrameworkInfo;
import io.perigee.mesos.v1.Task;
import io.perigee.model.ResourceWire;
import io.perigee.model.Resources;
import io.perigee.model.Roles;
import io.perigee.model.TaskStates;
import io.perigee.protocol.json.MesosJson;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** The agent's {@code /state}. Source: mesos/src/slave/http.cpp. */
final class AgentJson {
  private final Build build;
  private final String pid;
  private final double startSeconds;
  private final List<AgentInfo.Capability> capabilities;
  private final Map<String, String> flags;
  private final String masterHostname;
  private final List<String> isolationNotes;

  /**
   * @param pid such as {@code slave(1)@10.0.0.5:5051}
   * @param isolationNotes what the container runtime does not do here, a sentence each
   */
  AgentJson(
      Build build,
      String pid,
      double startSeconds,
      List<AgentInfo.Capability> capabilities,
      Map<String, String> flags,
      String masterHostname,
      List<String> isolationNotes) {
    this.build = build;
    this.pid = pid;
    this.startSeconds = startSeconds;
    this.capabilities = capabilities;
    this.flags = flags;
    this.masterHostname = masterHostname;
    this.isolationNotes = isolationNotes;
  }

  void writeState(AgentSnapshot snapshot, JsonGenerator out) throws IOException {
    Resources total = snapshot.total();
    Resources used = used(snapshot);
    out.writeStartObject();
    build.write(out);
    out.writeFieldName("start_time");
    MesosJson.writeNumber(startSeconds, out);
    out.writeStringField("id", snapshot.info().getId().getValue());
    out.writeStringField("pid", pid);
    out.writeStringField("hostname", snapshot.info().getHostname());
    out.writeArrayFieldStart("capabilities");
    for (AgentInfo.Capability capability : capabilities) {
      out.writeString(capability.getType().name());
    }
    out.writeEndArray();
    out.writeFieldName("resources");
    ResourceJson.write(total, out);
    out.writeFieldName("reserved_resources");
    ResourceJson.writeByRole(total.reservedByRole(), out);
    out.writeFieldName("unreserved_resources");
    ResourceJson.write(total.unreserved(), out);
    out.writeFieldName("reserved_resources_full");
    ResourceJson.writeFullByRole(total.reservedByRole(), out);
    out.writeFieldName("unreserved_resources_full");
    ResourceJson.writeFull(total.unreserved(), out);
    out.writeFieldName("reserved_resources_allocated");
    ResourceJson.writeByRole(used.reservedByRole(), out);
    out.writeFieldName("unreserved_resources_allocated");
    ResourceJson.write(used.unreserved(), out);
    out.writeArrayFieldStart("resource_providers");
    out.writeEndArray();
    out.writeFieldName("attributes");
    ResourceJson.writeAttributes(snapshot.info().getAttributesList(), out);
    out.writeStringField("master_hostname", masterHostname);
    writeFlags(out);
    writeFrameworks("frameworks", snapshot.frameworks(), out);
    writeFrameworks("completed_frameworks", snapshot.completedFrameworks(), out);
    out.writeEndObject();
  }

  private static Resources used(AgentSnapshot snapshot) {
    Resources used = Resources.EMPTY;
    for (AgentSnapshot.Framework framework : snapshot.frameworks()) {
      for (AgentSnapshot.Executor executor : framework.executors()) {
        used = used.plus(executor.resources().unallocated());
      }
    }
    return used;
  }

  /** The field {@code flags}, with the isolation notes: Mesos has no field for them. */
  void writeFlags(JsonGenerator out) throws IOException {
    out.writeObjectFieldStart("flags");
    for (Map.Entry<String, String> flag : flags.entrySet()) {
      out.writeStringField(flag.getKey(), flag.getValue());
    }
    if (!isolationNotes.isEmpty()) {
      out.writeStringField("isolation_notes", String.join("; ", isolationNotes));
    }
    out.writeEndObject();
  }

  private static void writeFrameworks(
      String name, List<AgentSnapshot.Framework> frameworks, JsonGenerator out) throws IOException {
    out.writeArrayFieldStart(name);
    for (AgentSnapshot.Framework framework : frameworks) {
      writeFramework(framework, out);
    }
    out.writeEndArray();
  }

  @SuppressWarnings("deprecation") // Frameworks without MULTI_ROLE still use the old field.
  private static void writeFramework(AgentSnapshot.Framework framework, JsonGenerator out)
      throws IOException {
    FrameworkInfo info = framework.info();
    out.writeStartObject();
    out.writeStringField("id", info.getId().getValue());
    out.writeStringField("name", info.getName());
    out.writeStringField("user", info.getUser());
    out.writeFieldName("failover_timeout");
    MesosJson.writeNumber(info.getFailoverTimeout(), out);
    out.writeBooleanField("checkpoint", info.getCheckpoint());
    out.writeStringField("hostname", info.getHostname());
    if (info.hasPrincipal()) {
      out.writeStringField("principal", info.getPrincipal());
    }
    if (info.getRolesCount() > 0) {
      out.writeArrayFieldStart("roles");
      for (String role : info.getRolesList()) {
        out.writeString(role);
      }
      out.writeEndArray();
    } else {
      out.writeStringField("role", info.getRole());
    }
    writeExecutors("executors", framework.executors(), out);
    writeExecutors("completed_executors", framework.completedExecutors(), out);
    out.writeEndObject();
  }

  private static void writeExecutors(
      String name, List<AgentSnapshot.Executor> executors, JsonGenerator out) throws IOException {
    out.writeArrayFieldStart(name);
    for (AgentSnapshot.Executor executor : executors) {
      out.writeStartObject();
      out.writeStringField("id", executor.id());
      out.writeStringField("name", executor.name());
      out.writeStringField("source", executor.id());
      out.writeStringField("container", executor.containerId());
      out.writeStringField("directory", executor.directory());
      out.writeFieldName("resources");
      ResourceJson.write(executor.resources(), out);
      out.writeStringField("role", role(executor.resources()));
      writeTasks("tasks", executor.tasks(), false, out);
      out.writeArrayFieldStart("queued_tasks");
      out.writeEndArray();
      writeTasks("completed_tasks", executor.tasks(), true, out);
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private static String role(Resources resources) {
    return resources.byAllocationRole().keySet().stream().findFirst().orElse(Roles.ANY);
  }

  private static void writeTasks(String name, List<Task> tasks, boolean areOver, JsonGenerator out)
      throws IOException {
    out.writeArrayFieldStart(name);
    for (Task task : tasks) {
      if (TaskStates.isTerminal(task.getState()) == areOver) {
        Resources resources =
            switch (ResourceWire.read(task.getResourcesList())) {
              case Checked.Valid<Resources>(Resources valid) -> valid;
              case Checked.Invalid<Resources>(String problem) -> Resources.EMPTY;
            };
        TaskJson.write(
            task, task.getState(), resources, role(resources), task.getStatusesList(), out);
      }
    }
    out.writeEndArray();
  }
}
