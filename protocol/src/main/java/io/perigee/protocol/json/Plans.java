package io.perigee.protocol.json;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** The plans of all message types of some files, and of the types these refer to. Immutable. */
final class Plans {
  private final Map<Descriptor, MessagePlan> byType = new HashMap<>();

  Plans(Collection<FileDescriptor> files) {
    files.forEach(file -> file.getMessageTypes().forEach(this::add));
    byType.values().forEach(plan -> plan.link(this));
  }

  private void add(Descriptor type) {
    if (byType.putIfAbsent(type, new MessagePlan(type)) == null) {
      type.getNestedTypes().forEach(this::add);
      for (FieldDescriptor field : type.getFields()) {
        if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
          add(field.getMessageType());
        }
      }
    }
  }

  /**
   * The plan of a type.
   *
   * @throws IllegalArgumentException if it is in none of the files
   */
  MessagePlan get(Descriptor type) {
    MessagePlan plan = byType.get(type);
    if (plan == null) {
      throw new IllegalArgumentException(type.getFullName() + " is in none of the files given");
    }
    return plan;
  }
}
