package io.perigee.protocol.json;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.Message;
import io.perigee.protocol.Decoded;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads one body along the plan of its message, as stout's protobuf parser does:
 *
 * <ul>
 *   <li>Unknown keys are skipped, {@code null} leaves a field unset, the last of equal keys counts.
 *   <li>A list takes a single value for a list of one, and lists within lists; a single field takes
 *       no list.
 *   <li>What a value may look like is {@link ScalarText}'s business.
 *   <li>A syntax error anywhere comes before a value that does not fit; of several of those the
 *       first in the body is reported (Mesos: the first by the order of keys).
 * </ul>
 *
 * <p>Beyond Mesos: durations may be texts ({@link DurationText}), and {@code NaN} and {@code
 * Infinity} may stand bare. Less than Mesos: a body must be UTF-8, and a number of more than {@link
 * MesosJson#MAX_NUMBER_LENGTH} characters is a syntax error.
 *
 * <p>Made for one call; not safe for several threads. The methods that read answer false when they
 * stopped for {@link #misfit} or {@link #malformedAt}.
 */
final class MessageReader {
  private static final int NOWHERE = -1;

  private final JsonParser in;
  private final byte[] body;

  /** Why the first value that does not fit does not; null as long as all fit. */
  private @Nullable String misfit;

  /** Where half a surrogate pair was found, which Jackson lets pass and picojson does not. */
  private int malformedAt = NOWHERE;

  MessageReader(JsonParser in, byte[] body) {
    this.in = in;
    this.body = body;
  }

  <M extends Message> Decoded<M> read(M prototype, MessagePlan plan) throws IOException {
    Message.Builder message = prototype.newBuilderForType();
    try {
      if (in.nextToken() == null) {
        return new Decoded.MalformedJson<>(BodyText.syntaxError(body, body.length));
      }
      if (in.currentToken() == JsonToken.START_OBJECT) {
        readObject(message, plan);
      } else {
        misfit = "Expecting a JSON object";
      }
      if (malformedAt != NOWHERE) {
        return new Decoded.MalformedJson<>(BodyText.syntaxError(body, malformedAt));
      }
      finishDocument();
    } catch (JsonProcessingException malformed) {
      long at = malformed.getLocation() == null ? NOWHERE : malformed.getLocation().getByteOffset();
      return new Decoded.MalformedJson<>(
          BodyText.syntaxError(body, at == NOWHERE ? offset() : (int) at));
    }
    String trailing = BodyText.trailing(body, offset());
    return trailing == null ? finish(message) : new Decoded.MalformedJson<>(trailing);
  }

  /** Reads to the end of the document, so that an error of its syntax is not missed. */
  private void finishDocument() throws IOException {
    while (!in.getParsingContext().inRoot()) {
      in.nextToken();
    }
    in.finishToken();
  }

  private int offset() {
    return (int) in.currentLocation().getByteOffset();
  }

  @SuppressWarnings("unchecked") // A builder builds messages of its prototype's class.
  private <M extends Message> Decoded<M> finish(Message.Builder message) {
    if (misfit == null && !message.isInitialized()) {
      misfit = "Missing required fields: " + message.getInitializationErrorString();
    }
    return misfit == null
        ? new Decoded.Parsed<>((M) message.build())
        : new Decoded.MisfitJson<>(misfit);
  }

  private boolean readObject(Message.Builder message, MessagePlan plan) throws IOException {
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      FieldPlan field = plan.field(in.currentName());
      boolean nanoseconds = field == null && DurationText.isNanoseconds(plan, in.currentName());
      in.nextToken();
      if (field != null) {
        forgetEarlier(message, field);
        if (!readField(message, field)) {
          return false;
        }
      } else if (nanoseconds) {
        if (!readNanoseconds(message)) {
          return false;
        }
      } else {
        in.skipChildren();
      }
    }
    return true;
  }

  private static void forgetEarlier(Message.Builder message, FieldPlan field) {
    boolean seen =
        field.descriptor().isRepeated()
            ? message.getRepeatedFieldCount(field.descriptor()) > 0
            : message.hasField(field.descriptor());
    if (seen) {
      message.clearField(field.descriptor());
    }
  }

  private boolean readField(Message.Builder message, FieldPlan field) throws IOException {
    return switch (in.currentToken()) {
      case VALUE_NULL -> true;
      case START_ARRAY ->
          field.descriptor().isRepeated() ? readList(message, field) : unexpected("array", field);
      case START_OBJECT -> {
        if (field.shape() == FieldPlan.Shape.MAP) {
          yield readMap(message, field);
        }
        yield field.kind() == FieldPlan.Kind.MESSAGE
            ? readMessage(message, field)
            : unexpected("object", field);
      }
      default -> {
        Object value = readScalar(message, field);
        if (value != null) {
          put(message, field, value);
        }
        yield goesOn();
      }
    };
  }

  private boolean readList(Message.Builder message, FieldPlan field) throws IOException {
    while (in.nextToken() != JsonToken.END_ARRAY) {
      if (!readField(message, field)) {
        return false;
      }
    }
    return true;
  }

  private boolean readMessage(Message.Builder message, FieldPlan field) throws IOException {
    Message.Builder value = message.newBuilderForField(field.descriptor());
    if (!readObject(value, requireNonNull(field.message()))) {
      return false;
    }
    put(message, field, value.buildPartial());
    return true;
  }

  private boolean readMap(Message.Builder message, FieldPlan field) throws IOException {
    FieldPlan[] keyAndValue = requireNonNull(field.message()).fields();
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      Message.Builder entry = message.newBuilderForField(field.descriptor());
      Object key = readText(entry, keyAndValue[0], in.currentName());
      in.nextToken();
      if (key == null || !readField(entry, keyAndValue[1])) {
        return false;
      }
      put(entry, keyAndValue[0], key);
      message.addRepeatedField(field.descriptor(), entry.buildPartial());
    }
    return true;
  }

  private boolean readNanoseconds(Message.Builder duration) throws IOException {
    if (in.currentToken().isStructStart()) {
      in.skipChildren();
      return true;
    }
    Object nanoseconds = readScalar(duration, DurationText.NANOSECONDS);
    if (nanoseconds != null) {
      DurationText.fill(duration, (Long) nanoseconds);
    }
    return goesOn();
  }

  private boolean goesOn() {
    return misfit == null && malformedAt == NOWHERE;
  }

  /**
   * Reads what is neither an object nor a list.
   *
   * @return null if there is no value, or none that fits
   */
  private @Nullable Object readScalar(Message.Builder message, FieldPlan field) throws IOException {
    return switch (in.currentToken()) {
      case VALUE_STRING -> readText(message, field, in.getText());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> readNumber(field);
      case VALUE_TRUE, VALUE_FALSE -> {
        if (field.kind() == FieldPlan.Kind.BOOL) {
          yield in.getBooleanValue();
        }
        unexpected("boolean", field);
        yield null;
      }
      default -> null;
    };
  }

  private @Nullable Object readText(Message.Builder message, FieldPlan field, String text)
      throws IOException {
    if (BodyText.hasHalfSurrogatePair(text)) {
      malformedAt = offset();
      return null;
    }
    if (field.kind() == FieldPlan.Kind.MESSAGE && DurationText.isDuration(field)) {
      Long nanoseconds = DurationText.parse(text);
      if (nanoseconds != null) {
        Message.Builder duration = message.newBuilderForField(field.descriptor());
        DurationText.fill(duration, nanoseconds);
        return duration.build();
      }
    }
    return switch (ScalarText.read(field, text)) {
      case ScalarText.Value(Object value) -> value;
      case ScalarText.Ignored() -> null;
      case ScalarText.Misfit(String why) -> {
        misfit = why;
        yield null;
      }
    };
  }

  private @Nullable Object readNumber(FieldPlan field) throws IOException {
    return switch (field.kind()) {
      case DOUBLE -> in.getDoubleValue();
      case FLOAT -> (float) in.getDoubleValue();
      case INT32, UINT32, INT64, UINT64 -> {
        boolean fitsLong =
            in.currentToken() == JsonToken.VALUE_NUMBER_INT
                && in.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
        Long value = fitsLong ? (Long) in.getLongValue() : ScalarText.integerPart(in.getText());
        if (value == null) {
          misfit = ScalarText.outOfRange(field);
          yield null;
        }
        yield ScalarText.narrow(field.kind(), value);
      }
      case BOOL, STRING, BYTES, ENUM, MESSAGE -> {
        unexpected("number", field);
        yield null;
      }
    };
  }

  private boolean unexpected(String found, FieldPlan field) {
    misfit = ScalarText.unexpected(found, field);
    return false;
  }

  private static void put(Message.Builder message, FieldPlan field, Object value) {
    if (field.descriptor().isRepeated()) {
      message.addRepeatedField(field.descriptor(), value);
    } else {
      message.setField(field.descriptor(), value);
    }
  }
}
