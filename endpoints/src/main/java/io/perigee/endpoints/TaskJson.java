package io.perigee.endpoints;

import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.Message;
import io.perigee.mesos.v1.ContainerStatus;
import io.perigee.mesos.v1.Label;
import io.perigee.mesos.v1.Labels;
import io.perigee.mesos.v1.NetworkInfo;
import io.perigee.mesos.v1.Task;
import io.perigee.mesos.v1.TaskState;
import io.perigee.mesos.v1.TaskStatus;
import io.perigee.model.Resources;
import io.perigee.protocol.json.MesosJson;
import java.io.IOException;
import java.util.List;

/** A task as the old endpoints show it. Source: mesos/src/common/http.cpp, json(Task). */
public final class TaskJson {
  private TaskJson() {}

  /**
   * Writes the object.
   *
   * @param task ids, name, labels, container …; its own state, resources and statuses are passed
   *     over
   * @param role to which the resources are allocated
   */
  public static void write(
      Task task,
      TaskState state,
      Resources resources,
      String role,
      List<TaskStatus> statuses,
      JsonGenerator out)
      throws IOException {
    out.writeStartObject();
    out.writeStringField("id", task.getTaskId().getValue());
    out.writeStringField("name", task.getName());
    out.writeStringField("framework_id", task.getFrameworkId().getValue());
    out.writeStringField("executor_id", task.getExecutorId().getValue());
    out.writeStringField("slave_id", task.getAgentId().getValue());
    out.writeStringField("state", state.name());
    out.writeFieldName("resources");
    ResourceJson.write(resources, out);
    if (task.getLimitsCount() > 0) {
      out.writeObjectFieldStart("limits");
      for (var limit : task.getLimitsMap().entrySet()) {
        out.writeFieldName(limit.getKey());
        writeLimit(limit.getValue().getValue(), out);
      }
      out.writeEndObject();
    }
    out.writeStringField("role", role);
    out.writeArrayFieldStart("statuses");
    for (TaskStatus status : statuses) {
      writeStatus(status, out);
    }
    out.writeEndArray();
    if (task.hasUser()) {
      out.writeStringField("user", task.getUser());
    }
    if (task.hasLabels()) {
      writeLabels(task.getLabels(), out);
    }
    writeIf(task.hasDiscovery(), "discovery", task.getDiscovery(), out);
    writeIf(task.hasContainer(), "container", task.getContainer(), out);
    writeIf(task.hasHealthCheck(), "health_check", task.getHealthCheck(), out);
    out.writeEndObject();
  }

  /** A limit may be infinite, for which JSON has no number. */
  private static void writeLimit(double limit, JsonGenerator out) throws IOException {
    if (Double.isFinite(limit)) {
      MesosJson.writeNumber(limit, out);
    } else {
      out.writeString(Double.toString(limit));
    }
  }

  private static void writeIf(boolean isSet, String name, Message value, JsonGenerator out)
      throws IOException {
    if (isSet) {
      out.writeFieldName(name);
      MesosJson.V1.write(value, out);
    }
  }

  private static void writeStatus(TaskStatus status, JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("state", status.getState().name());
    out.writeFieldName("timestamp");
    MesosJson.writeNumber(status.getTimestamp(), out);
    if (status.hasLabels()) {
      writeLabels(status.getLabels(), out);
    }
    if (status.hasContainerStatus()) {
      out.writeFieldName("container_status");
      writeContainer(status.getContainerStatus(), out);
    }
    if (status.hasHealthy()) {
      out.writeBooleanField("healthy", status.getHealthy());
    }
    out.writeEndObject();
  }

  private static void writeContainer(ContainerStatus status, JsonGenerator out) throws IOException {
    out.writeStartObject();
    writeIf(status.hasContainerId(), "container_id", status.getContainerId(), out);
    if (status.getNetworkInfosCount() > 0) {
      out.writeArrayFieldStart("network_infos");
      for (NetworkInfo info : status.getNetworkInfosList()) {
        MesosJson.V1.write(info, out);
      }
      out.writeEndArray();
    }
    writeIf(status.hasCgroupInfo(), "cgroup_info", status.getCgroupInfo(), out);
    out.writeEndObject();
  }

  /** Writes the field {@code labels}: an array of keys and values. */
  public static void writeLabels(Labels labels, JsonGenerator out) throws IOException {
    out.writeArrayFieldStart("labels");
    for (Label label : labels.getLabelsList()) {
      out.writeStartObject();
      out.writeStringField("key", label.getKey());
      if (label.hasValue()) {
        out.writeStringField("value", label.getValue());
      }
      out.writeEndObject();
    }
    out.writeEndArray();
  }
}
