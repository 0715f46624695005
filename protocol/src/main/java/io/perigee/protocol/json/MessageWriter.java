package io.perigee.protocol.json;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.Base64Variants;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Walks one message along its plan. Made for one call; not safe for several threads. */
final class MessageWriter {
  private final JsonGenerator out;
  private final char[] number = new char[DoubleText.MAX_LENGTH];

  MessageWriter(JsonGenerator out) {
    this.out = out;
  }

  void write(Message message, MessagePlan plan) throws IOException {
    FieldPlan[] fields = plan.fields();
    FieldAccess[] access = plan.access(message);
    out.writeStartObject();
    for (int i = 0; i < fields.length; i++) {
      if (fields[i].writtenWhenUnset() || access[i].isSet().test(message)) {
        writeField(fields[i], access[i].get().apply(message));
      }
    }
    out.writeEndObject();
  }

  private void writeField(FieldPlan field, Object value) throws IOException {
    switch (field.shape()) {
      case SINGLE -> {
        out.writeFieldName(field.name());
        writeValue(field, value);
      }
      case LIST -> {
        List<?> list = (List<?>) value;
        if (!list.isEmpty() || field.writtenWhenUnset()) {
          out.writeFieldName(field.name());
          writeList(field, list);
        }
      }
      case MAP -> {
        Map<?, ?> map = (Map<?, ?>) value;
        if (!map.isEmpty()) {
          out.writeFieldName(field.name());
          writeMap(field, map);
        }
      }
    }
  }

  private void writeList(FieldPlan field, List<?> values) throws IOException {
    out.writeStartArray();
    for (Object value : values) {
      writeValue(field, value);
    }
    out.writeEndArray();
  }

  private void writeMap(FieldPlan field, Map<?, ?> map) throws IOException {
    FieldPlan value = requireNonNull(field.message()).fields()[1];
    out.writeStartObject();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      out.writeFieldName(entry.getKey().toString());
      writeValue(value, entry.getValue());
    }
    out.writeEndObject();
  }

  private void writeValue(FieldPlan field, Object value) throws IOException {
    switch (field.kind()) {
      case BOOL -> out.writeBoolean((Boolean) value);
      case INT32 -> out.writeNumber((Integer) value);
      case UINT32 -> out.writeNumber(Integer.toUnsignedLong((Integer) value));
      case INT64 -> out.writeNumber((Long) value);
      case UINT64 -> writeUnsigned((Long) value);
      case FLOAT -> writeDouble((Float) value);
      case DOUBLE -> writeDouble((Double) value);
      case STRING -> out.writeString((String) value);
      case BYTES ->
          out.writeBinary(
              Base64Variants.MIME_NO_LINEFEEDS,
              ((ByteString) value).toByteArray(),
              0,
              ((ByteString) value).size());
      case ENUM ->
          out.writeString(requireNonNull(field.enumeration()).text(((Enum<?>) value).name()));
      case MESSAGE -> write((Message) value, requireNonNull(field.message()));
    }
  }

  private void writeUnsigned(long value) throws IOException {
    if (value >= 0) {
      out.writeNumber(value);
    } else {
      out.writeNumber(Long.toUnsignedString(value));
    }
  }

  /**
   * Infinities are strings, as Mesos' patch to RapidJSON (3rdparty/rapidjson-1.1.0.patch) makes
   * them: a bare one is no JSON, and Mesos' own parser refuses it. NaN is bare, there and here.
   */
  private void writeDouble(double value) throws IOException {
    if (Double.isFinite(value)) {
      out.writeNumber(number, 0, DoubleText.write(value, number));
    } else if (Double.isNaN(value)) {
      out.writeNumber("NaN");
    } else {
      out.writeString(value > 0 ? "Infinity" : "-Infinity");
    }
  }
}
