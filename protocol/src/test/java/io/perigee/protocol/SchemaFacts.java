package io.perigee.protocol;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a file says about the wire, as lines a person can compare: for each message its fields in
 * the order of declaration (which is the order of JSON keys), for each enum its values.
 */
final class SchemaFacts {
  private final Map<String, List<String>> facts = new TreeMap<>();

  /** Full name of a message or enum to its lines. */
  static Map<String, List<String>> of(FileDescriptorProto file) {
    SchemaFacts all = new SchemaFacts();
    file.getMessageTypeList().forEach(message -> all.add(file.getPackage(), message));
    file.getEnumTypeList().forEach(values -> all.add(file.getPackage(), values));
    return all.facts;
  }

  private void add(String scope, DescriptorProto message) {
    String name = scope + "." + message.getName();
    List<String> lines = new ArrayList<>();
    message.getFieldList().forEach(field -> lines.add(line(message, field)));
    facts.put("message " + name, lines);
    message.getNestedTypeList().forEach(nested -> add(name, nested));
    message.getEnumTypeList().forEach(values -> add(name, values));
  }

  private void add(String scope, EnumDescriptorProto values) {
    facts.put(
        "enum " + scope + "." + values.getName(),
        values.getValueList().stream()
            .map(value -> value.getName() + " = " + value.getNumber())
            .toList());
  }

  private static String line(DescriptorProto message, FieldDescriptorProto field) {
    StringBuilder line = new StringBuilder();
    line.append(field.getLabel()).append(' ').append(field.getType()).append(' ');
    line.append(field.getTypeName()).append(' ').append(field.getName());
    line.append(" = ").append(field.getNumber());
    if (field.hasDefaultValue()) {
      line.append(" default ").append(field.getDefaultValue());
    }
    if (field.hasOneofIndex()) {
      line.append(" in ").append(message.getOneofDecl(field.getOneofIndex()).getName());
    }
    if (field.getOptions().getDeprecated()) {
      line.append(" deprecated");
    }
    return line.toString();
  }
}
