package io.perigee.protocol.json;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import io.perigee.mesos.v1.DurationInfo;
import java.math.BigDecimal;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Durations beyond what Mesos reads. Its manual writes {@code "10mins"}, which its parser refuses,
 * for {@code mesos.v1.DurationInfo} and {@code google.protobuf.Duration}; and clients send {@code
 * {"nanoseconds": n}} for the latter (recorded: DRAIN_AGENT), whose keys are {@code seconds} and
 * {@code nanos}, so that Mesos takes it for zero. We take each for what it says.
 */
final class DurationText {
  /** How the number behind {@code nanoseconds} is read. */
  static final FieldPlan NANOSECONDS =
      FieldPlan.of(
          DurationInfo.getDescriptor().findFieldByNumber(DurationInfo.NANOSECONDS_FIELD_NUMBER),
          null);

  private static final Pattern TEXT = Pattern.compile("(-?\\d{1,19}(?:\\.\\d{1,9})?)\\s*([a-z]+)");

  private static final long SECOND = 1_000_000_000L;

  /** Nanoseconds by unit, as in stout's duration.hpp. */
  private static final Map<String, Long> UNITS =
      Map.of(
          "ns",
          1L,
          "us",
          1_000L,
          "ms",
          1_000_000L,
          "secs",
          SECOND,
          "mins",
          60 * SECOND,
          "hrs",
          3600 * SECOND,
          "days",
          24 * 3600 * SECOND,
          "weeks",
          7 * 24 * 3600 * SECOND);

  private DurationText() {}

  static boolean isDuration(FieldPlan field) {
    Descriptor type = field.descriptor().getMessageType();
    return type == DurationInfo.getDescriptor() || type == Duration.getDescriptor();
  }

  /** True for the key that {@code google.protobuf.Duration} does not have. */
  static boolean isNanoseconds(MessagePlan plan, String key) {
    return plan.type() == Duration.getDescriptor()
        && key.equals(NANOSECONDS.descriptor().getName());
  }

  /** Nanoseconds; null if the text is no duration or does not fit 64 bits (about 292 years). */
  static @Nullable Long parse(String text) {
    Matcher matcher = TEXT.matcher(text.strip());
    Long unit = matcher.matches() ? UNITS.get(matcher.group(2)) : null;
    if (unit == null) {
      return null;
    }
    BigDecimal nanoseconds = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit));
    boolean fits = nanoseconds.abs().compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0;
    return fits ? (Long) nanoseconds.longValue() : null;
  }

  /**
   * Sets a duration.
   *
   * @param duration a builder of one of the two types
   */
  static void fill(Message.Builder duration, long nanoseconds) {
    Descriptor type = duration.getDescriptorForType();
    if (type == Duration.getDescriptor()) {
      duration
          .setField(type.findFieldByNumber(Duration.SECONDS_FIELD_NUMBER), nanoseconds / SECOND)
          .setField(
              type.findFieldByNumber(Duration.NANOS_FIELD_NUMBER), (int) (nanoseconds % SECOND));
    } else {
      duration.setField(NANOSECONDS.descriptor(), nanoseconds);
    }
  }
}
