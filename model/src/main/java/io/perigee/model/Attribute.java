package io.perigee.model;

import io.perigee.mesos.v1.Value;

/**
 * A fact about an agent that frameworks choose by, such as {@code rack:r7}. Several may have the
 * same name.
 */
public record Attribute(String name, AttributeValue value) {

  /** Reads a message; a set, which Mesos refuses to register, is read as its text. */
  public static Attribute read(io.perigee.mesos.v1.Attribute message) {
    AttributeValue value =
        switch (message.getType()) {
          case SCALAR -> Scalar.of(message.getScalar().getValue());
          case RANGES ->
              Ranges.of(
                  message.getRanges().getRangeList().stream()
                      .map(r -> new Ranges.Range(r.getBegin(), r.getEnd()))
                      .toList());
          case SET -> new AttributeValue.Text(Items.of(message.getSet().getItemList()).toString());
          case TEXT -> new AttributeValue.Text(message.getText().getValue());
        };
    return new Attribute(message.getName(), value);
  }

  public io.perigee.mesos.v1.Attribute write() {
    io.perigee.mesos.v1.Attribute.Builder message =
        io.perigee.mesos.v1.Attribute.newBuilder().setName(name);
    switch (value) {
      case Scalar scalar ->
          message
              .setType(Value.Type.SCALAR)
              .setScalar(Value.Scalar.newBuilder().setValue(scalar.value()));
      case Ranges ranges ->
          message.setType(Value.Type.RANGES).setRanges(ResourceWire.writeRanges(ranges));
      case AttributeValue.Text(String text) ->
          message.setType(Value.Type.TEXT).setText(Value.Text.newBuilder().setValue(text));
    }
    return message.build();
  }
}
