package io.perigee.master.server;

import com.fasterxml.jackson.core.JsonGenerator;
import io.perigee.endpoints.JsonAnswers;
import io.perigee.endpoints.JsonFragment;
import io.perigee.endpoints.ResourceJson;
import io.perigee.endpoints.TaskJson;
import io.perigee.master.core.cluster.Executor;
import io.perigee.master.core.cluster.FrameworkSnapshot;
import io.perigee.master.core.cluster.Offer;
import io.perigee.master.core.cluster.Task;
import io.perigee.mesos.v1.CommandInfo;
import io.perigee.mesos.v1.ExecutorInfo;
import io.perigee.mesos.v1.FrameworkInfo;
import io.perigee.model.Resources;
import io.perigee.protocol.json.MesosJson;
import java.io.IOException;
import java.util.List;

/** A framework as the old endpoints show it. Source: mesos/src/master/readonly_handler.cpp. */
final class FrameworkJson {
  private FrameworkJson() {}

  /** The fields that {@code /state-summary} has too; the caller opens and closes the object. */
  static void writeSummaryFields(FrameworkSnapshot framework, JsonGenerator out)
      throws IOException {
    writeSummaryFields(
        framework, ClusterView.usedBy(framework), ClusterView.offeredTo(framework), out);
  }

  private static void writeSummaryFields(
      FrameworkSnapshot framework, Resources used, Resources offered, JsonGenerator out)
      throws IOException {
    FrameworkInfo info = framework.info();
    out.writeStringField("id", framework.id());
    out.writeStringField("name", info.getName());
    out.writeFieldName("used_resources");
    ResourceJson.write(used, out);
    out.writeFieldName("offered_resources");
    ResourceJson.write(offered, out);
    out.writeArrayFieldStart("capabilities");
    for (FrameworkInfo.Capability capability : info.getCapabilitiesList()) {
      out.writeString(capability.getType().name());
    }
    out.writeEndArray();
    out.writeStringField("hostname", info.getHostname());
    out.writeStringField("webui_url", info.getWebuiUrl());
    out.writeBooleanField("active", framework.isActive());
    out.writeBooleanField("connected", framework.isConnected());
    out.writeBooleanField("recovered", framework.isRecovered());
  }

  static void write(FrameworkSnapshot framework, Fragments<Task>.Showing shown, JsonGenerator out)
      throws IOException {
    FrameworkInfo info = framework.info();
    Resources used = ClusterView.usedBy(framework);
    Resources offered = ClusterView.offeredTo(framework);
    out.writeStartObject();
    writeSummaryFields(framework, used, offered, out);
    out.writeStringField("user", info.getUser());
    out.writeFieldName("failover_timeout");
    MesosJson.writeNumber(info.getFailoverTimeout(), out);
    out.writeBooleanField("checkpoint", info.getCheckpoint());
    Times.write("registered_time", framework.registeredNanos(), out);
    Times.write("unregistered_time", framework.unregisteredNanos(), out);
    if (info.hasPrincipal()) {
      out.writeStringField("principal", info.getPrincipal());
    }
    out.writeFieldName("resources");
    ResourceJson.write(used.plus(offered), out);
    if (framework.reregisteredNanos() != 0) {
      Times.write("reregistered_time", framework.reregisteredNanos(), out);
    }
    if (framework.capabilities().isMultiRole()) {
      out.writeArrayFieldStart("roles");
      for (String role : framework.roles()) {
        out.writeString(role);
      }
      out.writeEndArray();
    } else {
      out.writeStringField("role", framework.roles().getFirst());
    }
    writeTasks("tasks", framework.tasks(), shown, out);
    writeTasks("unreachable_tasks", framework.unreachableTasks(), shown, out);
    writeTasks("completed_tasks", framework.completedTasks(), shown, out);
    out.writeArrayFieldStart("offers");
    for (Offer offer : framework.offers()) {
      writeOffer(offer, out);
    }
    out.writeEndArray();
    out.writeArrayFieldStart("executors");
    for (Executor executor : framework.executors()) {
      writeExecutor(executor, out);
    }
    out.writeEndArray();
    if (info.hasLabels()) {
      TaskJson.writeLabels(info.getLabels(), out);
    }
    out.writeObjectFieldStart("offer_constraints");
    out.writeEndObject();
    out.writeEndObject();
  }

  private static void writeTasks(
      String name, List<Task> tasks, Fragments<Task>.Showing shown, JsonGenerator out)
      throws IOException {
    out.writeArrayFieldStart(name);
    for (Task task : tasks) {
      byte[] json = shown.of(task, () -> JsonAnswers.bytes(fields -> writeTask(task, fields)));
      out.writeRawValue(new JsonFragment(json));
    }
    out.writeEndArray();
  }

  static void writeTask(Task task, JsonGenerator out) throws IOException {
    TaskJson.write(
        task.description(), task.state(), task.resources(), task.role(), task.statuses(), out);
  }

  /** Source: mesos/src/common/http.cpp, json of ExecutorInfo. The environment may hold secrets. */
  private static void writeExecutor(Executor executor, JsonGenerator out) throws IOException {
    ExecutorInfo info = executor.info();
    CommandInfo command = info.getCommand();
    out.writeStartObject();
    out.writeStringField("executor_id", executor.id());
    out.writeStringField("name", info.getName());
    out.writeStringField("framework_id", info.getFrameworkId().getValue());
    out.writeObjectFieldStart("command");
    if (command.hasShell()) {
      out.writeBooleanField("shell", command.getShell());
    }
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
      out.writeStartObject();
      out.writeStringField("value", uri.getValue());
      out.writeBooleanField("executable", uri.getExecutable());
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeEndObject();
    out.writeFieldName("resources");
    ResourceJson.write(executor.resources(), out);
    out.writeStringField("role", executor.role());
    if (info.hasLabels()) {
      TaskJson.writeLabels(info.getLabels(), out);
    }
    if (info.hasType()) {
      out.writeStringField("type", info.getType().name());
    }
    out.writeStringField("slave_id", executor.agentId());
    out.writeEndObject();
  }

  private static void writeOffer(Offer offer, JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("id", offer.id());
    out.writeStringField("framework_id", offer.frameworkId());
    out.writeObjectFieldStart("allocation_info");
    out.writeStringField("role", offer.role());
    out.writeEndObject();
    out.writeStringField("slave_id", offer.agentId());
    out.writeFieldName("resources");
    ResourceJson.write(offer.resources(), out);
    out.writeEndObject();
  }
}
