package io.perigee.protocol.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Message;
import io.perigee.protocol.Decoded;
import io.perigee.protocol.MesosFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Collection;

/**
 * Writes and reads messages as Mesos' JSON. Safe for any thread.
 *
 * <p>Writing: keys stand in the order of declaration in the proto file. Unset fields are left out,
 * save those with an explicit default that are not deprecated; empty lists and maps are left out,
 * save the lists that Mesos always writes ({@link ListsWrittenEmpty}). Numbers of any width are
 * JSON numbers ({@link DoubleText}), bytes padded base64, enums names. Text is UTF-8; only quotes,
 * backslashes and control characters are escaped, and half a surrogate pair, which no bytes can
 * hold.
 *
 * <p>Reading is as lenient and as strict as Mesos ({@link MessageReader}).
 */
public final class MesosJson {
  /** For the messages of the Mesos v1 interface. */
  public static final MesosJson V1 = new MesosJson(MesosFiles.ALL);

  /** Mesos' bound: deeper bodies are a syntax error (its patch to picojson). */
  static final int MAX_DEPTH = 100;

  /** Characters of one number. Ours: Mesos has none; a double needs 767 at the very most. */
  static final int MAX_NUMBER_LENGTH = 1000;

  /**
   * Symbol tables that detect hash collisions stay on; interning is off, since names come from
   * strangers. Strings and names need no bound of their own: the body they stand in is in memory.
   */
  static final JsonFactory JACKSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.CHARSET_DETECTION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(JsonReadFeature.ALLOW_LEADING_ZEROS_FOR_NUMBERS)
          .enable(JsonReadFeature.ALLOW_TRAILING_DECIMAL_POINT_FOR_NUMBERS)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(MAX_NUMBER_LENGTH)
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private final Plans plans;

  /** For all messages of some files and those they refer to. */
  public MesosJson(Collection<FileDescriptor> files) {
    this.plans = new Plans(files);
  }

  /**
   * The JSON of a message, in UTF-8. The first of its type takes some milliseconds longer.
   *
   * @param message of the class generated for its type, not a dynamic one
   * @throws IllegalArgumentException if its type is in none of the files
   */
  public byte[] write(Message message) {
    try (ByteArrayBuilder bytes = new ByteArrayBuilder()) {
      write(message, bytes);
      return bytes.toByteArray();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /** Writes to a stream, which stays open and is not flushed. */
  public void write(Message message, OutputStream out) throws IOException {
    try (JsonGenerator generator = JACKSON.createGenerator(out)) {
      generator.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      generator.disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM);
      write(message, generator);
    }
  }

  /** Writes one value in the middle of a document of the caller's. */
  public void write(Message message, JsonGenerator out) throws IOException {
    new MessageWriter(out).write(message, plans.get(message.getDescriptorForType()));
  }

  /** Writes a finite number as Mesos prints it: {@code 4.0}, {@code 1795439850.158829}. */
  public static void writeNumber(double value, JsonGenerator out) throws IOException {
    char[] text = new char[DoubleText.MAX_LENGTH];
    out.writeNumber(text, 0, DoubleText.write(value, text));
  }

  /**
   * Reads one message; whatever the bytes are, the answer is a value, in time linear in their
   * number.
   *
   * @param prototype any instance of the type wanted, such as {@code Call.getDefaultInstance()}
   * @return {@link Decoded.Parsed}, {@link Decoded.MalformedJson} or {@link Decoded.MisfitJson}
   * @throws IllegalArgumentException if the type is in none of the files
   */
  public <M extends Message> Decoded<M> read(byte[] body, M prototype) {
    MessagePlan plan = plans.get(prototype.getDescriptorForType());
    try (JsonParser in = JACKSON.createParser(body)) {
      return new MessageReader(in, body).read(prototype, plan);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }
}
