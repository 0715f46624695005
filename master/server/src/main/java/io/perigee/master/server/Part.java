package io.perigee.master.server;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.perigee.protocol.wire.WireFormat;
import java.util.List;

/** A part of a message that is too big to be built whole: one of its fields. */
sealed interface Part {
  FieldDescriptor field();

  /** An enum. */
  record Choice(FieldDescriptor field, EnumValueDescriptor value) implements Part {}

  /** A double. */
  record Quantity(FieldDescriptor field, double value) implements Part {}

  /** A message, by its own parts. */
  record Group(FieldDescriptor field, List<Part> parts) implements Part {}

  /**
   * A list of messages.
   *
   * @param elements makes them one by one, the same ones each time
   */
  record Listing(FieldDescriptor field, Iterable<? extends Element> elements) implements Part {}

  /** One of a list: its bytes in JSON or protobuf, which may have been made before. */
  @FunctionalInterface
  interface Element {
    byte[] bytes(WireFormat format);
  }
}
