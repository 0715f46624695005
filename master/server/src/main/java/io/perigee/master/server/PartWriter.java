package io.perigee.master.server;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.perigee.endpoints.JsonFragment;
import io.perigee.protocol.json.MesosJson;
import io.perigee.protocol.wire.WireFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a message part by part: of its lists, no more than some kilobytes are in memory. Lists are
 * written also when they are empty, as Mesos does with all that are written here ({@code
 * ListsWrittenEmpty} in protocol). Not safe for several threads.
 */
final class PartWriter {
  private static final JsonFactory JACKSON =
      JsonFactory.builder()
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
          .build();

  /** Elements of a list are gathered into pieces of about this size. */
  private static final int CHUNK_BYTES = 16 * 1024;

  /** Of a message within another. Source: the encoding guide of protobuf. */
  private static final int WIRETYPE_LENGTH_DELIMITED = 2;

  private PartWriter() {}

  /** Writes a whole message to a stream, which stays open. */
  static void write(WireFormat format, List<Part> message, OutputStream out) throws IOException {
    switch (format) {
      case JSON -> {
        try (JsonGenerator json = JACKSON.createGenerator(out)) {
          json.writeStartObject();
          for (Part part : message) {
            writeJson(part, json);
          }
          json.writeEndObject();
        }
      }
      case PROTOBUF -> {
        CodedOutputStream coded = CodedOutputStream.newInstance(out);
        for (Part part : message) {
          writeProtobuf(part, List.of(), coded);
        }
        coded.flush();
      }
    }
  }

  private static void writeJson(Part part, JsonGenerator out) throws IOException {
    out.writeFieldName(part.field().getName());
    switch (part) {
      case Part.Choice p -> out.writeString(p.value().getName());
      case Part.Quantity p -> MesosJson.writeNumber(p.value(), out);
      case Part.Group p -> {
        out.writeStartObject();
        for (Part inner : p.parts()) {
          writeJson(inner, out);
        }
        out.writeEndObject();
      }
      case Part.Listing p -> {
        out.writeStartArray();
        for (Part.Element element : p.elements()) {
          out.writeRawValue(new JsonFragment(element.bytes(WireFormat.JSON)));
        }
        out.writeEndArray();
      }
    }
  }

  /**
   * Writes a part within the messages that enclose it, each of them begun anew: a reader of
   * protobuf merges the pieces of one message, which the encoding guide promises, so that no length
   * need be known before all of its content is.
   *
   * @param enclosing outermost first
   */
  private static void writeProtobuf(
      Part part, List<FieldDescriptor> enclosing, CodedOutputStream out) throws IOException {
    int number = part.field().getNumber();
    switch (part) {
      case Part.Choice p -> {
        int size = CodedOutputStream.computeEnumSize(number, p.value().getNumber());
        begin(enclosing, size, out);
        out.writeEnum(number, p.value().getNumber());
      }
      case Part.Quantity p -> {
        begin(enclosing, CodedOutputStream.computeDoubleSize(number, p.value()), out);
        out.writeDouble(number, p.value());
      }
      case Part.Group p -> {
        List<FieldDescriptor> inner = new ArrayList<>(enclosing);
        inner.add(p.field());
        begin(inner, 0, out); // It is there, whatever it contains.
        for (Part content : p.parts()) {
          writeProtobuf(content, inner, out);
        }
      }
      case Part.Listing p -> writeElements(p, enclosing, out);
    }
  }

  private static void writeElements(
      Part.Listing list, List<FieldDescriptor> enclosing, CodedOutputStream out)
      throws IOException {
    int number = list.field().getNumber();
    List<byte[]> chunk = new ArrayList<>();
    int size = 0;
    for (Part.Element element : list.elements()) {
      byte[] bytes = element.bytes(WireFormat.PROTOBUF);
      chunk.add(bytes);
      size += CodedOutputStream.computeByteArraySize(number, bytes);
      if (size >= CHUNK_BYTES) {
        writeChunk(number, chunk, size, enclosing, out);
        chunk.clear();
        size = 0;
      }
    }
    if (size > 0) {
      writeChunk(number, chunk, size, enclosing, out);
    }
  }

  private static void writeChunk(
      int number,
      List<byte[]> chunk,
      int size,
      List<FieldDescriptor> enclosing,
      CodedOutputStream out)
      throws IOException {
    begin(enclosing, size, out);
    for (byte[] bytes : chunk) {
      out.writeByteArray(number, bytes);
    }
  }

  /** Writes tag and length of each enclosing message, the innermost of which has {@code size}. */
  private static void begin(List<FieldDescriptor> enclosing, int size, CodedOutputStream out)
      throws IOException {
    int[] sizes = new int[enclosing.size()];
    int inner = size;
    for (int i = sizes.length - 1; i >= 0; i--) {
      sizes[i] = inner;
      inner +=
          CodedOutputStream.computeTagSize(enclosing.get(i).getNumber())
              + CodedOutputStream.computeUInt32SizeNoTag(inner);
    }
    for (int i = 0; i < sizes.length; i++) {
      out.writeTag(enclosing.get(i).getNumber(), WIRETYPE_LENGTH_DELIMITED);
      out.writeUInt32NoTag(sizes[i]);
    }
  }
}
