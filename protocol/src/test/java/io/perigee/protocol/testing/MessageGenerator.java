package io.perigee.protocol.testing;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.perigee.common.SeededRandom;
import java.util.HashSet;
import java.util.Set;

/**
 * Random messages of any type, with all required fields; the same seed makes the same messages.
 * Values are chosen to hurt: extremes, empty and long texts, characters outside the BMP, control
 * characters, infinities. Texts are always valid Unicode, since no protobuf can hold others.
 */
public final class MessageGenerator {
  /** From this depth on only required fields are set, so that recursive types end. */
  private static final int MAX_DEPTH = 6;

  private static final int MAX_LIST = 3;

  private static final double[] DOUBLES = {
    0.0,
    -0.0,
    1.0,
    0.1,
    -2.5,
    4096.0,
    1e-6,
    1e-7,
    1.5e-7,
    1e20,
    1e21,
    1.7976931348623157e308,
    4.9e-324,
    2.2250738585072014e-308,
    1795439850.158829,
    1795439943.4421031,
    9007199254740992.0,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Double.NaN
  };

  private static final String[] TEXTS = {
    "",
    "a",
    "slave(1)",
    "\"\\/\b\f\n\r\t\u0000\u001f\u007f",
    "\u00e9\u2028\ufeff\uffff",
    "\ud83d\ude00",
    "Infinity",
    "null",
    "10mins",
    "*",
    "5050"
  };

  private static final long[] LONGS = {
    0,
    1,
    -1,
    31000,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    1L << 53,
    (1L << 53) + 1,
    1795439942692209920L,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };

  private final SeededRandom random;

  public MessageGenerator(SeededRandom random) {
    this.random = random;
  }

  /** A message of the prototype's type. */
  @SuppressWarnings("unchecked") // A builder builds messages of its prototype's class.
  public <M extends Message> M next(M prototype) {
    // Half of the messages are sparse: most of those on the wire are.
    double density = random.chance(0.5) ? 0.2 : 0.8;
    return (M) fill(prototype.newBuilderForType(), 0, density);
  }

  private Message fill(Message.Builder message, int depth, double density) {
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      if (field.isRequired()) {
        message.setField(field, value(message, field, depth, density));
      } else if (depth < MAX_DEPTH && random.chance(density)) {
        if (field.isMapField()) {
          fillMap(message, field, depth, density);
        } else if (field.isRepeated()) {
          int count = 1 + random.nextInt(MAX_LIST);
          for (int i = 0; i < count; i++) {
            message.addRepeatedField(field, value(message, field, depth, density));
          }
        } else {
          message.setField(field, value(message, field, depth, density));
        }
      }
    }
    return message.build();
  }

  private void fillMap(Message.Builder message, FieldDescriptor field, int depth, double density) {
    FieldDescriptor key = field.getMessageType().findFieldByNumber(1);
    FieldDescriptor value = field.getMessageType().findFieldByNumber(2);
    Set<String> seen = new HashSet<>();
    int count = 1 + random.nextInt(MAX_LIST);
    for (int i = 0; i < count; i++) {
      String name = text();
      if (seen.add(name)) {
        Message.Builder entry = message.newBuilderForField(field).setField(key, name);
        entry.setField(value, value(entry, value, depth, density));
        message.addRepeatedField(field, entry.build());
      }
    }
  }

  private Object value(Message.Builder in, FieldDescriptor field, int depth, double density) {
    return switch (field.getJavaType()) {
      case BOOLEAN -> random.chance(0.5);
      case INT -> (int) integer();
      case LONG -> integer();
      case FLOAT -> (float) real();
      case DOUBLE -> real();
      case STRING -> text();
      case BYTE_STRING -> bytes();
      case ENUM -> {
        EnumDescriptor type = field.getEnumType();
        yield type.getValues().get(random.nextInt(type.getValues().size()));
      }
      // What is deep is sparse as well, or messages would have millions of fields.
      case MESSAGE -> fill(in.newBuilderForField(field), depth + 1, density * 0.6);
    };
  }

  private long integer() {
    return random.chance(0.5) ? LONGS[random.nextInt(LONGS.length)] : random.nextLong();
  }

  private double real() {
    if (random.chance(0.5)) {
      return DOUBLES[random.nextInt(DOUBLES.length)];
    }
    return random.chance(0.5)
        ? random.nextInt(1_000_000) / 1000.0
        : Double.longBitsToDouble(random.nextLong() & ~(1L << 62));
  }

  private String text() {
    if (random.chance(0.3)) {
      return TEXTS[random.nextInt(TEXTS.length)];
    }
    StringBuilder text = new StringBuilder();
    int length = random.chance(0.02) ? 5000 : random.nextInt(20);
    for (int i = 0; i < length; i++) {
      text.append((char) (' ' + random.nextInt(95)));
    }
    return text.toString();
  }

  private ByteString bytes() {
    byte[] bytes = new byte[random.nextInt(20)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) random.nextInt(256);
    }
    return ByteString.copyFrom(bytes);
  }
}
