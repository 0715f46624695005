package io.perigee.master.server;

import com.fasterxml.jackson.core.JsonGenerator;
import io.perigee.master.core.cluster.AgentSnapshot;
import io.perigee.master.core.cluster.ClusterSnapshot;
import io.perigee.master.core.cluster.Executor;
import io.perigee.master.core.cluster.FrameworkSnapshot;
import io.perigee.master.core.cluster.Offer;
import io.perigee.master.core.cluster.Task;
import io.perigee.model.Items;
import io.perigee.model.Ranges;
import io.perigee.model.Resource;
import io.perigee.model.Resources;
import io.perigee.model.Scalar;
import io.perigee.protocol.json.MesosJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code /roles}: every role that a framework is in or that has reservations, and what it holds.
 * Source: mesos/src/master/readonly_handler.cpp, roles, and the recordings.
 */
final class RolesJson {
  private final Map<String, Row> rows = new TreeMap<>();

  private static final class Row {
    private final List<String> frameworks = new ArrayList<>();
    private Resources allocated = Resources.EMPTY;
    private Resources offered = Resources.EMPTY;
    private Resources reserved = Resources.EMPTY;
  }

  private RolesJson() {}

  static void write(ClusterView view, JsonGenerator out) throws IOException {
    RolesJson roles = new RolesJson();
    ClusterSnapshot snapshot = view.snapshot();
    snapshot.frameworks().forEach(roles::add);
    for (AgentSnapshot agent : snapshot.agents()) {
      agent
          .total()
          .reservedByRole()
          .forEach((role, some) -> roles.row(role).reserved = roles.row(role).reserved.plus(some));
    }
    out.writeStartObject();
    out.writeArrayFieldStart("roles");
    for (Map.Entry<String, Row> role : roles.rows.entrySet()) {
      write(role.getKey(), role.getValue(), out);
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  private Row row(String role) {
    return rows.computeIfAbsent(role, r -> new Row());
  }

  private void add(FrameworkSnapshot framework) {
    framework.roles().forEach(role -> row(role).frameworks.add(framework.id()));
    for (Task task : framework.tasks()) {
      if (!task.isTerminal()) {
        allocate(task.role(), task.resources());
      }
    }
    for (Executor executor : framework.executors()) {
      allocate(executor.role(), executor.resources());
    }
    for (Offer offer : framework.offers()) {
      Row row = row(offer.role());
      row.offered = row.offered.plus(offer.resources());
    }
  }

  private void allocate(String role, Resources resources) {
    Row row = row(role);
    row.allocated = row.allocated.plus(resources);
  }

  /** Weights are all alike and quota is nobody's: there is no way yet to set them. */
  private static void write(String name, Row row, JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("name", name);
    out.writeFieldName("weight");
    MesosJson.writeNumber(1.0, out);
    out.writeObjectFieldStart("quota");
    out.writeStringField("role", name);
    out.writeObjectFieldStart("guarantee");
    out.writeEndObject();
    out.writeObjectFieldStart("limit");
    out.writeEndObject();
    Map<String, Double> consumed = quantities(row.reserved.plus(row.allocated.unreserved()), true);
    writeQuantities("consumed", consumed, out);
    out.writeEndObject();
    writeQuantities("resources", quantities(row.allocated.plus(row.offered), false), out);
    writeQuantities("allocated", quantities(row.allocated, false), out);
    writeQuantities("offered", quantities(row.offered, false), out);
    writeQuantities("reserved", quantities(row.reserved, false), out);
    out.writeArrayFieldStart("frameworks");
    for (String framework : row.frameworks) {
      out.writeString(framework);
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  /** How much there is of each name; of ranges and sets, how many. */
  private static Map<String, Double> quantities(Resources resources, boolean scalarsOnly) {
    Map<String, Double> quantities = new TreeMap<>();
    for (Resource resource : resources) {
      double quantity =
          switch (resource.amount()) {
            case Scalar scalar -> scalar.value();
            case Ranges ranges -> scalarsOnly ? 0 : ranges.size();
            case Items items -> scalarsOnly ? 0 : items.names().size();
          };
      if (quantity != 0) {
        quantities.merge(resource.key().name(), quantity, Double::sum);
      }
    }
    return quantities;
  }

  private static void writeQuantities(
      String field, Map<String, Double> quantities, JsonGenerator out) throws IOException {
    out.writeObjectFieldStart(field);
    for (Map.Entry<String, Double> quantity : quantities.entrySet()) {
      out.writeFieldName(quantity.getKey());
      MesosJson.writeNumber(quantity.getValue(), out);
    }
    out.writeEndObject();
  }
}
