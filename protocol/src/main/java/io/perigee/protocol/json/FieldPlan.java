package io.perigee.protocol.json;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.io.SerializedString;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How to write and read one field.
 *
 * @param name as in the proto file, escaped and encoded once
 * @param writtenWhenUnset true if the default is written: Mesos writes explicit defaults, save
 *     those of deprecated fields, and some empty lists
 * @param enumeration null unless kind is ENUM
 * @param message null unless kind is MESSAGE; for a map, the type of its entries
 */
record FieldPlan(
    FieldDescriptor descriptor,
    SerializedString name,
    Kind kind,
    Shape shape,
    boolean writtenWhenUnset,
    @Nullable Enumeration enumeration,
    @Nullable MessagePlan message) {

  /** How many values there may be. */
  enum Shape {
    SINGLE,
    LIST,
    MAP
  }

  /** What a value is, as finely as writing or reading tells it apart. */
  enum Kind {
    BOOL,
    INT32,
    UINT32,
    INT64,
    UINT64,
    FLOAT,
    DOUBLE,
    STRING,
    BYTES,
    ENUM,
    MESSAGE
  }

  /**
   * The values of an enum by name.
   *
   * @param texts each name escaped and encoded once
   */
  record Enumeration(Map<String, SerializedString> texts, Map<String, EnumValueDescriptor> values) {
    static Enumeration of(EnumDescriptor type) {
      Map<String, SerializedString> texts = new HashMap<>();
      Map<String, EnumValueDescriptor> values = new HashMap<>();
      for (EnumValueDescriptor value : type.getValues()) {
        texts.put(value.getName(), new SerializedString(value.getName()));
        values.put(value.getName(), value);
      }
      return new Enumeration(texts, values);
    }

    /** For the name of a generated constant, which is that of the value. */
    SerializedString text(String name) {
      return requireNonNull(texts.get(name));
    }
  }

  /**
   * The plan of a field.
   *
   * @param message null unless the field holds messages
   */
  static FieldPlan of(FieldDescriptor field, @Nullable MessagePlan message) {
    Kind kind = kind(field);
    boolean explicitDefault = field.hasDefaultValue() && !field.getOptions().getDeprecated();
    return new FieldPlan(
        field,
        new SerializedString(field.getName()),
        kind,
        shape(field),
        explicitDefault || ListsWrittenEmpty.contains(field),
        kind == Kind.ENUM ? Enumeration.of(field.getEnumType()) : null,
        message);
  }

  private static Shape shape(FieldDescriptor field) {
    if (field.isMapField()) {
      return Shape.MAP;
    }
    return field.isRepeated() ? Shape.LIST : Shape.SINGLE;
  }

  private static Kind kind(FieldDescriptor field) {
    return switch (field.getType()) {
      case BOOL -> Kind.BOOL;
      case INT32, SINT32, SFIXED32 -> Kind.INT32;
      case UINT32, FIXED32 -> Kind.UINT32;
      case INT64, SINT64, SFIXED64 -> Kind.INT64;
      case UINT64, FIXED64 -> Kind.UINT64;
      case FLOAT -> Kind.FLOAT;
      case DOUBLE -> Kind.DOUBLE;
      case STRING -> Kind.STRING;
      case BYTES -> Kind.BYTES;
      case ENUM -> Kind.ENUM;
      case MESSAGE, GROUP -> Kind.MESSAGE;
    };
  }
}
