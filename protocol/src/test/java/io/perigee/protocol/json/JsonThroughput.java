package io.perigee.protocol.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.perigee.mesos.v1.master.Response;
import io.perigee.protocol.Decoded;
import io.perigee.protocol.testing.JsonTree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Prints how fast a GET_STATE answer is written and read on one core, beside protobuf's JsonFormat
 * and beside Jackson writing and reading a plain tree of the same document. A program, no test.
 */
public final class JsonThroughput {
  private static final int TASKS = 20_000;
  private static final int WARM_UPS = 12;
  private static final int RUNS = 15;

  private JsonThroughput() {}

  /** Takes no arguments; runs for about half a minute. */
  public static void main(String[] arguments) throws IOException {
    Response state = StateOfManyTasks.make(TASKS);
    byte[] json = MesosJson.V1.write(state);
    Object tree = JsonTree.parse(json);
    JsonFormat.Printer printer =
        JsonFormat.printer().preservingProtoFieldNames().omittingInsignificantWhitespace();
    String printed = printer.print(state);
    System.out.printf(
        "GET_STATE with %d tasks: %d bytes of JSON, %d of protobuf%n",
        TASKS, json.length, state.getSerializedSize());

    double ours = measure("write: ours", json.length, () -> MesosJson.V1.write(state));
    double theirs =
        measure("write: JsonFormat.printer()", json.length, () -> print(printer, state));
    measure("write: Jackson, a tree", json.length, () -> writeTree(tree));
    System.out.printf(Locale.ROOT, "write: ours / JsonFormat = %.1f%n", theirs / ours);

    double read = measure("read: ours", json.length, () -> read(json));
    double merged = measure("read: JsonFormat.parser()", printed.length(), () -> parse(printed));
    measure("read: Jackson, to a tree", json.length, () -> JsonTree.parse(json));
    System.out.printf(Locale.ROOT, "read: ours / JsonFormat = %.1f%n", merged / read);
  }

  /** The best of some runs in seconds. */
  private static double measure(String what, int bytes, Supplier<?> work) {
    double best = Double.MAX_VALUE;
    for (int run = -WARM_UPS; run < RUNS; run++) {
      long start = System.nanoTime();
      if (work.get() == null) {
        throw new IllegalStateException(what);
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      best = run < 0 ? best : Math.min(best, seconds);
    }
    System.out.printf(
        Locale.ROOT, "%-30s %8.2f ms %8.1f MB/s%n", what, best * 1e3, bytes / best / 1e6);
    return best;
  }

  private static Message read(byte[] json) {
    return ((Decoded.Parsed<Response>) MesosJson.V1.read(json, Response.getDefaultInstance()))
        .message();
  }

  private static byte[] print(JsonFormat.Printer printer, Message message) {
    try {
      return printer.print(message).getBytes(StandardCharsets.UTF_8);
    } catch (InvalidProtocolBufferException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private static Message parse(String json) {
    try {
      Response.Builder builder = Response.newBuilder();
      JsonFormat.parser().merge(json, builder);
      return builder.build();
    } catch (InvalidProtocolBufferException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private static byte[] writeTree(Object tree) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = new JsonFactory().createGenerator(bytes)) {
      writeValue(tree, out);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  private static void writeValue(Object value, JsonGenerator out) throws IOException {
    switch (value) {
      case Map<?, ?> object -> {
        out.writeStartObject();
        for (Map.Entry<?, ?> entry : object.entrySet()) {
          out.writeFieldName((String) entry.getKey());
          writeValue(entry.getValue(), out);
        }
        out.writeEndObject();
      }
      case List<?> array -> {
        out.writeStartArray();
        for (Object element : array) {
          writeValue(element, out);
        }
        out.writeEndArray();
      }
      case String text -> out.writeString(text);
      case Boolean bool -> out.writeBoolean(bool);
      case Double number -> out.writeNumber(number);
      default -> out.writeNumber(value.toString());
    }
  }
}
