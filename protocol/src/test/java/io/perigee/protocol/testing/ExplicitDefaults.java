package io.perigee.protocol.testing;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;

/** What becomes of a message on its way through Mesos' JSON. */
public final class ExplicitDefaults {
  private ExplicitDefaults() {}

  /** The message with each explicit default set that JSON writes though it is unset. */
  @SuppressWarnings("unchecked") // A builder builds messages of its prototype's class.
  public static <M extends Message> M set(M message) {
    Message.Builder builder = message.toBuilder();
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      if (field.isRepeated()) {
        for (int i = 0; i < message.getRepeatedFieldCount(field); i++) {
          if (message.getRepeatedField(field, i) instanceof Message element) {
            builder.setRepeatedField(field, i, set(element));
          }
        }
      } else if (message.hasField(field)) {
        if (message.getField(field) instanceof Message value) {
          builder.setField(field, set(value));
        }
      } else if (field.hasDefaultValue() && !field.getOptions().getDeprecated()) {
        builder.setField(field, field.getDefaultValue());
      }
    }
    return (M) builder.build();
  }
}
