package io.perigee.endpoints;

import com.fasterxml.jackson.core.JsonGenerator;
import io.perigee.model.Attribute;
import io.perigee.model.AttributeValue;
import io.perigee.model.Items;
import io.perigee.model.Ranges;
import io.perigee.model.Resource;
import io.perigee.model.ResourceWire;
import io.perigee.model.Resources;
import io.perigee.model.Scalar;
import io.perigee.protocol.json.MesosJson;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Resources and attributes as the old endpoints show them: one object with a number or a text for
 * each name. Source: mesos/src/common/http.cpp, model(Resources) and model(Attributes).
 */
public final class ResourceJson {
  /** Shown even where there are none, in Mesos' order. */
  private static final List<String> ALWAYS = List.of("disk", "mem", "gpus", "cpus");

  private ResourceJson() {}

  /** Sums of all resources of a name; revocable ones stand apart under {@code <name>_revocable}. */
  public static void write(Resources resources, JsonGenerator out) throws IOException {
    Map<String, Long> scalars = new LinkedHashMap<>();
    ALWAYS.forEach(name -> scalars.put(name, 0L));
    Map<String, Ranges> ranges = new LinkedHashMap<>();
    Map<String, Items> sets = new LinkedHashMap<>();
    for (Resource resource : resources) {
      String name = resource.key().name() + (resource.key().isRevocable() ? "_revocable" : "");
      switch (resource.amount()) {
        case Scalar scalar -> scalars.merge(name, scalar.thousandths(), Long::sum);
        case Ranges some -> ranges.merge(name, some, Ranges::plus);
        case Items items -> sets.merge(name, items, Items::plus);
      }
    }
    out.writeStartObject();
    for (Map.Entry<String, Long> scalar : scalars.entrySet()) {
      out.writeFieldName(scalar.getKey());
      MesosJson.writeNumber(scalar.getValue() / 1000.0, out);
    }
    for (Map.Entry<String, Ranges> some : ranges.entrySet()) {
      out.writeStringField(some.getKey(), some.getValue().toString());
    }
    for (Map.Entry<String, Items> items : sets.entrySet()) {
      out.writeStringField(items.getKey(), items.getValue().toString());
    }
    out.writeEndObject();
  }

  /** An object with such resources for each role. */
  public static void writeByRole(Map<String, Resources> byRole, JsonGenerator out)
      throws IOException {
    out.writeStartObject();
    for (Map.Entry<String, Resources> role : byRole.entrySet()) {
      out.writeFieldName(role.getKey());
      write(role.getValue(), out);
    }
    out.writeEndObject();
  }

  /** An array of the resources as messages, in the form of the old endpoints. */
  public static void writeFull(Resources resources, JsonGenerator out) throws IOException {
    out.writeStartArray();
    for (var message : ResourceWire.write(resources, ResourceWire.Format.ENDPOINT)) {
      MesosJson.V1.write(message, out);
    }
    out.writeEndArray();
  }

  /** An object with such an array for each role. */
  public static void writeFullByRole(Map<String, Resources> byRole, JsonGenerator out)
      throws IOException {
    out.writeStartObject();
    for (Map.Entry<String, Resources> role : byRole.entrySet()) {
      out.writeFieldName(role.getKey());
      writeFull(role.getValue(), out);
    }
    out.writeEndObject();
  }

  /** Numbers as numbers, all else as text; of several attributes of a name the last. */
  public static void writeAttributes(
      List<io.perigee.mesos.v1.Attribute> messages, JsonGenerator out) throws IOException {
    Map<String, AttributeValue> byName = new LinkedHashMap<>();
    for (var message : messages) {
      Attribute attribute = Attribute.read(message);
      byName.put(attribute.name(), attribute.value());
    }
    out.writeStartObject();
    for (Map.Entry<String, AttributeValue> attribute : byName.entrySet()) {
      out.writeFieldName(attribute.getKey());
      switch (attribute.getValue()) {
        case Scalar scalar -> MesosJson.writeNumber(scalar.value(), out);
        case Ranges ranges -> out.writeString(ranges.toString());
        case AttributeValue.Text(String text) -> out.writeString(text);
      }
    }
    out.writeEndObject();
  }
}
