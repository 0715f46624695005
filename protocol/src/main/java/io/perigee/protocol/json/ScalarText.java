package io.perigee.protocol.json;

import static java.util.Objects.requireNonNull;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import io.perigee.protocol.json.FieldPlan.Kind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns a JSON string into the value of a field, and numbers into integers, as stout does.
 *
 * <p>Integers are taken as C casts them: a fraction is cut off, and of a number that needs more
 * bits than the field has the low bits stay. So {@code -1} for an unsigned level is accepted
 * (recorded: SET_LOGGING_LEVEL). Numbers that need more than 64 bits, whose cast C leaves open, do
 * not fit.
 */
final class ScalarText {
  /** Texts of strangers are quoted no longer than this in an error. */
  private static final int MAX_QUOTED = 100;

  /** JSON's grammar, and leading zeros and a trailing point, which picojson accepts. */
  private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d*)?([eE][+-]?\\d+)?");

  /** 2^64 has this many decimal digits. */
  private static final int MAX_DIGITS = 20;

  private ScalarText() {}

  /** What a string meant. */
  sealed interface Result {}

  record Value(Object value) implements Result {}

  /** The field stays as it is: an enum value from a newer version. */
  record Ignored() implements Result {}

  record Misfit(String why) implements Result {}

  static Result read(FieldPlan field, String text) {
    return switch (field.kind()) {
      case STRING -> new Value(text);
      case BYTES -> bytes(field, text);
      case ENUM -> enumValue(field, text);
      case BOOL -> bool(field, text);
      case INT32, UINT32, INT64, UINT64 -> integer(field, text);
      case FLOAT, DOUBLE -> real(field, text);
      case MESSAGE -> new Misfit(unexpected("string", field));
    };
  }

  static String unexpected(String found, FieldPlan field) {
    return "Not expecting a JSON " + found + " for field '" + field.descriptor().getName() + "'";
  }

  static String outOfRange(FieldPlan field) {
    return "Number out of range for field '" + field.descriptor().getName() + "'";
  }

  /**
   * The integer part of a number.
   *
   * @param number of bounded length
   * @return null if it needs more than 64 bits or is none
   */
  static @Nullable Long integerPart(String number) {
    BigDecimal value;
    try {
      value = new BigDecimal(number);
    } catch (NumberFormatException noNumberOrHugeExponent) {
      return null;
    }
    // Before anything is expanded to as many digits as its exponent says.
    long digits = (long) value.precision() - value.scale();
    if (value.signum() == 0 || digits <= 0) {
      return 0L;
    }
    if (digits > MAX_DIGITS) {
      return null;
    }
    BigInteger integer = value.toBigInteger();
    boolean fits = integer.bitLength() < Long.SIZE || integer.signum() > 0;
    return fits && integer.bitLength() <= Long.SIZE ? integer.longValue() : null;
  }

  static Object narrow(Kind kind, long value) {
    return kind == Kind.INT32 || kind == Kind.UINT32 ? (Object) (int) value : (Object) value;
  }

  private static Result integer(FieldPlan field, String text) {
    String number = text.strip();
    if (!isNumber(number)) {
      return unparsable(field, "number", text);
    }
    Long value = integerPart(number);
    return value == null ? new Misfit(outOfRange(field)) : new Value(narrow(field.kind(), value));
  }

  private static Result real(FieldPlan field, String text) {
    String number = text.strip();
    double value;
    switch (number) {
      case "Infinity" -> value = Double.POSITIVE_INFINITY;
      case "-Infinity" -> value = Double.NEGATIVE_INFINITY;
      case "NaN" -> value = Double.NaN;
      default -> {
        if (!isNumber(number)) {
          return unparsable(field, "number", text);
        }
        value = Double.parseDouble(number);
      }
    }
    return new Value(field.kind() == Kind.FLOAT ? (Object) (float) value : (Object) value);
  }

  private static boolean isNumber(String text) {
    return text.length() <= MesosJson.MAX_NUMBER_LENGTH && NUMBER.matcher(text).matches();
  }

  private static Result bool(FieldPlan field, String text) {
    return switch (text.strip()) {
      case "true" -> new Value(true);
      case "false" -> new Value(false);
      default -> unparsable(field, "boolean", text);
    };
  }

  private static Result enumValue(FieldPlan field, String text) {
    EnumValueDescriptor value = requireNonNull(field.enumeration()).values().get(text);
    if (value != null) {
      return new Value(value);
    }
    return field.descriptor().isRequired()
        ? new Misfit("Failed to find enum for '" + quoted(text) + "'")
        : new Ignored();
  }

  private static Result bytes(FieldPlan field, String text) {
    ByteString bytes = Base64Text.decode(text);
    return bytes != null
        ? new Value(bytes)
        : new Misfit(
            "Failed to base64 decode bytes field '%s': Invalid character '%s'"
                .formatted(field.descriptor().getName(), Base64Text.firstInvalid(text)));
  }

  private static Result unparsable(FieldPlan field, String wanted, String text) {
    return new Misfit(
        "Failed to parse '%s' as a JSON %s for field '%s': syntax error at line 1 near: %s"
            .formatted(quoted(text), wanted, field.descriptor().getName(), quoted(text)));
  }

  private static String quoted(String text) {
    return text.length() <= MAX_QUOTED ? text : text.substring(0, MAX_QUOTED);
  }
}
