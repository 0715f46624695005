package io.perigee.agent.daemon;

import com.fasterxml.jackson.core.JsonGenerator;
import io.perigee.agent.core.AgentSnapshot;
import io.perigee.endpoints.Build;
import io.perigee.endpoints.ResourceJson;
import io.perigee.mesos.v1.AgentInfo;
import io.perigee.model.Resources;
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

  /**
   * @param pid such as {@code slave(1)@10.0.0.5:5051}
   */
  AgentJson(
      Build build,
      String pid,
      double startSeconds,
      List<AgentInfo.Capability> capabilities,
      Map<String, String> flags,
      String masterHostname) {
    this.build = build;
    this.pid = pid;
    this.startSeconds = startSeconds;
    this.capabilities = capabilities;
    this.flags = flags;
    this.masterHostname = masterHostname;
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
    String logDir = flags.get("log_dir");
    if (logDir != null) {
      out.writeStringField("log_dir", logDir);
    }
    writeFlags(out);
    FrameworkJson.write("frameworks", snapshot.frameworks(), out);
    FrameworkJson.write("completed_frameworks", snapshot.completedFrameworks(), out);
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

  /** The field {@code flags}. */
  void writeFlags(JsonGenerator out) throws IOException {
    out.writeObjectFieldStart("flags");
    for (Map.Entry<String, String> flag : flags.entrySet()) {
      out.writeStringField(flag.getKey(), flag.getValue());
    }
    out.writeEndObject();
  }
}
