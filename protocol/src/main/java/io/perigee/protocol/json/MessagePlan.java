package io.perigee.protocol.json;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How to write and read one message type. Safe for any thread once {@link Plans} linked it. */
final class MessagePlan {
  private final Descriptor type;
  private FieldPlan[] fields = {};
  private Map<String, FieldPlan> byName = Map.of();

  /** Made when the first message is written; two threads may both make it, and make the same. */
  private volatile FieldAccess @Nullable [] access;

  MessagePlan(Descriptor type) {
    this.type = type;
  }

  /** Fills in the fields: types refer to each other in circles, so all plans must exist first. */
  void link(Plans plans) {
    Map<String, FieldPlan> all = new LinkedHashMap<>();
    for (FieldDescriptor field : type.getFields()) {
      boolean message = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
      all.put(
          field.getName(), FieldPlan.of(field, message ? plans.get(field.getMessageType()) : null));
    }
    fields = all.values().toArray(FieldPlan[]::new);
    byName = all;
  }

  Descriptor type() {
    return type;
  }

  /** In the order of declaration, which is the order of keys. Callers do not change it. */
  FieldPlan[] fields() {
    return fields;
  }

  /**
   * How to get at the fields of a message, by the order of {@link #fields}.
   *
   * @param message of the class generated for the type, which dynamic messages are not
   */
  FieldAccess[] access(Message message) {
    FieldAccess[] known = access;
    if (known == null) {
      known =
          type.getFields().stream()
              .map(field -> FieldAccess.of(field, message.getClass()))
              .toArray(FieldAccess[]::new);
      access = known;
    }
    return known;
  }

  /** Null if the type has no such field. */
  @Nullable FieldPlan field(String name) {
    return byName.get(name);
  }
}
