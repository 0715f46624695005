package io.perigee.master.server;

import com.fasterxml.jackson.core.JsonGenerator;
import io.perigee.endpoints.ResourceJson;
import io.perigee.master.core.cluster.AgentSnapshot;
import io.perigee.mesos.v1.AgentInfo;
import io.perigee.model.Resources;
import io.perigee.protocol.json.MesosJson;
import java.io.IOException;

/** An agent as the old endpoints show it. Source: mesos/src/master/readonly_handler.cpp. */
final class AgentJson {
  private AgentJson() {}

  /** The fields of an agent's object; the caller opens and closes it. */
  static void writeFields(AgentSnapshot agent, Resources used, Resources offered, JsonGenerator out)
      throws IOException {
    AgentInfo info = agent.identity().info();
    out.writeStringField("id", agent.id());
    out.writeStringField("hostname", agent.identity().hostname());
    out.writeNumberField("port", agent.identity().port());
    out.writeFieldName("attributes");
    ResourceJson.writeAttributes(info.getAttributesList(), out);
    if (info.hasDomain()) {
      out.writeFieldName("domain");
      MesosJson.V1.write(info.getDomain(), out);
    }
    out.writeStringField("pid", agent.identity().pid());
    Times.write("registered_time", agent.registeredNanos(), out);
    if (agent.reregisteredNanos() != 0) {
      Times.write("reregistered_time", agent.reregisteredNanos(), out);
    }
    out.writeFieldName("resources");
    ResourceJson.write(agent.total(), out);
    out.writeFieldName("used_resources");
    ResourceJson.write(used, out);
    out.writeFieldName("offered_resources");
    ResourceJson.write(offered, out);
    out.writeFieldName("reserved_resources");
    ResourceJson.writeByRole(agent.total().reservedByRole(), out);
    out.writeFieldName("unreserved_resources");
    ResourceJson.write(agent.total().unreserved(), out);
    out.writeBooleanField("active", agent.isActive());
    out.writeBooleanField("deactivated", false);
    out.writeStringField("version", agent.identity().version());
    out.writeArrayFieldStart("capabilities");
    for (AgentInfo.Capability capability : agent.identity().capabilities()) {
      out.writeString(capability.getType().name());
    }
    out.writeEndArray();
  }

  /** What {@code /slaves} adds: the same resources as messages. */
  static void writeFullFields(
      AgentSnapshot agent, Resources used, Resources offered, JsonGenerator out)
      throws IOException {
    Resources total = agent.total();
    out.writeFieldName("reserved_resources_full");
    ResourceJson.writeFullByRole(total.reservedByRole(), out);
    out.writeFieldName("unreserved_resources_full");
    ResourceJson.writeFull(total.unreserved(), out);
    out.writeFieldName("used_resources_full");
    ResourceJson.writeFull(used, out);
    out.writeFieldName("offered_resources_full");
    ResourceJson.writeFull(offered, out);
  }

  /** An agent of the registry that is not back yet. */
  static void writeRecovered(AgentInfo info, JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("id", info.getId().getValue());
    out.writeStringField("hostname", info.getHostname());
    out.writeNumberField("port", info.getPort());
    out.writeFieldName("attributes");
    ResourceJson.writeAttributes(info.getAttributesList(), out);
    out.writeEndObject();
  }
}
