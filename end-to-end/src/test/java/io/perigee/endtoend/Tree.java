package io.perigee.endtoend;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Message;
import io.perigee.protocol.testing.JsonTree;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Bodies and events as maps, lists and values, whatever their format on the wire. */
public final class Tree {
  private Tree() {}

  public static Object json(String text) {
    return json(text.getBytes(StandardCharsets.UTF_8));
  }

  public static Object json(byte[] text) {
    return JsonTree.parse(text);
  }

  /** The fields that are set. */
  public static Map<String, Object> of(Message message) {
    Map<String, Object> object = new LinkedHashMap<>();
    message.getAllFields().forEach((field, value) -> object.put(field.getName(), value(value)));
    // A number that an enumeration does not name is kept there too; Mesos sends some.
    List<Integer> unknown =
        message.getUnknownFields().asMap().keySet().stream()
            .filter(number -> message.getDescriptorForType().findFieldByNumber(number) == null)
            .toList();
    if (!unknown.isEmpty()) {
      object.put("unknown fields", unknown.toString());
    }
    return object;
  }

  private static Object value(Object value) {
    return switch (value) {
      case List<?> list -> list.stream().map(Tree::value).toList();
      case Message message -> of(message);
      case EnumValueDescriptor name -> name.getName();
      default -> value;
    };
  }

  /** What is at the end of a path of fields, or null if that is not there. */
  public static Object at(Object tree, String... path) {
    Object here = tree;
    for (String field : path) {
      here = here instanceof Map<?, ?> object ? object.get(field) : null;
    }
    return here;
  }

  public static String textAt(Object tree, String... path) {
    return at(tree, path) instanceof String text ? text : "";
  }

  public static List<?> listAt(Object tree, String... path) {
    return at(tree, path) instanceof List<?> list ? list : List.of();
  }

  /** The kind of a value: its JSON type, told apart further for numbers. */
  public static String type(Object value) {
    return switch (value) {
      case Map<?, ?> object -> "object";
      case List<?> list -> "array";
      case String text -> "string";
      case Boolean truth -> "boolean";
      case Double decimal -> "decimal";
      case Float decimal -> "decimal";
      case ByteString bytes -> "bytes";
      case Number integer -> "integer";
      default -> "null";
    };
  }
}
