package io.perigee.master.server;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.perigee.endpoints.JsonFragment;
import io.perigee.protocol.json.MesosJson;
import io.perigee.protocol.wire.WireFormat;
import java.io.ByteArrayOutputStream;
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

  /** Elements of a list are gathered into messages of about this size. */
  private static final int CHUNK_BYTES = 16 * 1024;

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
    switch (part) {
      case Part.Choice p ->
          wrap(
              enclosing,
              bytes(in -> in.writeEnum(p.field().getNumber(), p.value().getNumber())),
              out);
      case Part.Quantity p ->
          wrap(enclosing, bytes(in -> in.writeDouble(p.field().getNumber(), p.value())), out);
      case Part.Group p -> {
        List<FieldDescriptor> inner = new ArrayList<>(enclosing);
        inner.add(p.field());
        wrap(inner, new byte[0], out); // It is there, whatever it contains.
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
    ByteArrayOutputStream chunk = new ByteArrayOutputStream(2 * CHUNK_BYTES);
    CodedOutputStream in = CodedOutputStream.newInstance(chunk);
    for (Part.Element element : list.elements()) {
      in.writeByteArray(list.field().getNumber(), element.bytes(WireFormat.PROTOBUF));
      in.flush();
      if (chunk.size() >= CHUNK_BYTES) {
        wrap(enclosing, chunk.toByteArray(), out);
        chunk.reset();
      }
    }
    if (chunk.size() > 0) {
      wrap(enclosing, chunk.toByteArray(), out);
    }
  }

  private static void wrap(List<FieldDescriptor> enclosing, byte[] content, CodedOutputStream out)
      throws IOException {
    byte[] wrapped = content;
    for (FieldDescriptor field : enclosing.reversed()) {
      byte[] inner = wrapped;
      wrapped = bytes(in -> in.writeByteArray(field.getNumber(), inner));
    }
    out.writeRawBytes(wrapped);
  }

  private interface Content {
    void write(CodedOutputStream out) throws IOException;
  }

  private static byte[] bytes(Content content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    content.write(out);
    out.flush();
    return bytes.toByteArray();
  }
}
