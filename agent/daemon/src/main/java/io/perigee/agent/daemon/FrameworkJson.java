package io.perigee.agent.daemon;

import com.fasterxml.jackson.core.JsonGenerator;
import io.perigee.agent.core.AgentSnapshot;
import io.perigee.common.Checked;
import io.perigee.endpoints.ResourceJson;
import io.perigee.endpoints.TaskJson;
import io.perigee.mesos.v1.CommandInfo;
import io.perigee.mesos.v1.ExecutorInfo;
import io.perigee.mesos.v1.FrameworkInfo;
import io.perigee.mesos.v1.Resource;
import io.perigee.mesos.v1.Task;
import io.perigee.mesos.v1.TaskInfo;
import io.perigee.model.ResourceWire;
import io.perigee.model.Resources;
import io.perigee.model.Roles;
import io.perigee.protocol.json.MesosJson;
import java.io.IOException;
import java.util.List;

/**
 * Frameworks in the agent's {@code /state}, with their executors and tasks. Source: the writers of
 * mesos/src/slave/http.cpp.
 */
final class FrameworkJson {
  private FrameworkJson() {}

  /** Writes a field with an array. */
  static void write(String name, List<AgentSnapshot.Framework> frameworks, JsonGenerator out)
      throws IOException {
    out.writeArrayFieldStart(name);
    for (AgentSnapshot.Framework framework : frameworks) {
      write(framework, out);
    }
    out.writeEndArray();
  }

  @SuppressWarnings("deprecation") // Frameworks without MULTI_ROLE still use the old field.
  private static void write(AgentSnapshot.Framework framework, JsonGenerator out)
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
      write(executor, out);
    }
    out.writeEndArray();
  }

  private static void write(AgentSnapshot.Executor executor, JsonGenerator out) throws IOException {
    ExecutorInfo info = executor.info();
    out.writeStartObject();
    out.writeStringField("id", executor.id());
    out.writeStringField("name", executor.name());
    out.writeStringField("source", executor.source());
    out.writeStringField("container", executor.containerId());
    out.writeStringField("directory", executor.directory());
    out.writeFieldName("resources");
    ResourceJson.write(executor.resources(), out);
    out.writeStringField("role", role(executor.resources()));
    if (info.hasLabels()) {
      TaskJson.writeLabels(info.getLabels(), out);
    }
    if (info.hasType()) {
      out.writeStringField("type", info.getType().name());
    }
    out.writeArrayFieldStart("tasks");
    writeTasks(executor.launchedTasks(), out);
    out.writeEndArray();
    out.writeArrayFieldStart("queued_tasks");
    for (TaskInfo task : executor.queuedTasks()) {
      write(task, out);
    }
    out.writeEndArray();
    out.writeArrayFieldStart("completed_tasks");
    writeTasks(executor.completedTasks(), out);
    writeTasks(executor.terminatedTasks(), out);
    out.writeEndArray();
    out.writeEndObject();
  }

  private static String role(Resources resources) {
    return resources.byAllocationRole().keySet().stream().findFirst().orElse(Roles.ANY);
  }

  private static Resources resources(List<Resource> messages) {
    return switch (ResourceWire.read(messages)) {
      case Checked.Valid<Resources>(Resources valid) -> valid;
      case Checked.Invalid<Resources>(String problem) -> Resources.EMPTY;
    };
  }

  private static void writeTasks(List<Task> tasks, JsonGenerator out) throws IOException {
    for (Task task : tasks) {
      Resources resources = resources(task.getResourcesList());
      TaskJson.write(
          task, task.getState(), resources, role(resources), task.getStatusesList(), out);
    }
  }

  /** A task that its executor was not told of. */
  private static void write(TaskInfo task, JsonGenerator out) throws IOException {
    Resources resources = resources(task.getResourcesList());
    out.writeStartObject();
    out.writeStringField("id", task.getTaskId().getValue());
    out.writeStringField("name", task.getName());
    out.writeStringField("slave_id", task.getAgentId().getValue());
    out.writeFieldName("resources");
    ResourceJson.write(resources, out);
    out.writeStringField("role", role(resources));
    out.writeStringField("data", task.getData().toStringUtf8());
    if (task.hasCommand()) {
      writeCommand(task.getCommand(), out);
    }
    if (task.hasExecutor()) {
      out.writeStringField("executor_id", task.getExecutor().getExecutorId().getValue());
    }
    if (task.hasDiscovery()) {
      out.writeFieldName("discovery");
      MesosJson.V1.write(task.getDiscovery(), out);
    }
    out.writeEndObject();
  }

  /** Without its environment, which may hold secrets. */
  private static void writeCommand(CommandInfo command, JsonGenerator out) throws IOException {
    out.writeObjectFieldStart("command");
    out.writeBooleanField("shell", command.getShell());
    if (command.hasValue()) {
      out.writeStringField("value", command.getValue());
    }
    out.writeArrayFieldStart("argv");
    for (String argument : command.getArgumentsList()) {
      out.writeString(argument);
    }
    out.writeEndArray();
    out.writeArrayFieldStart("uris");
    for (CommandInfo.URI uri : command.getUrisList()) {
      MesosJson.V1.write(uri, out);
    }
    out.writeEndArray();
    out.writeEndObject();
  }
}
