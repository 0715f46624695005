package io.perigee.endtoend.golden;

import com.google.protobuf.ByteString;
import java.util.Set;
import java.util.regex.Pattern;

/** All rules about values that differ from run to run or from machine to machine, with reasons. */
final class Natural {
  private Natural() {}

  /**
   * Fields of which neither the value nor that of anything below is compared:
   *
   * <ul>
   *   <li>{@code ...time}, {@code timestamp}: when something was
   *   <li>{@code ...uuid}, {@code container_id}, {@code container}: made up at random
   *   <li>{@code git_...}, {@code build_...}, {@code flags}: which program this is, and how it is
   *       configured
   *   <li>{@code ...pid} of an executor, {@code uid}, {@code gid}, {@code mode}, {@code
   *       master_hostname}: of the machine and of who runs the test
   *   <li>{@code size}, {@code ...statistics}, {@code avg_load...}, {@code mem_..._bytes}, {@code
   *       cpus_total}, {@code metrics} and all that has a slash in its name: measured
   * </ul>
   */
  private static final Pattern FIELDS =
      Pattern.compile(
          "(.*time|timestamp|.*uuid|container_id|container|git_.*|build_.*|flags"
              + "|executor_pid|uid|gid|mode|master_hostname"
              + "|size|.*statistics|avg_load.*|mem_.*_bytes|cpus_total|metrics|.*/.*)(\\[])*");

  /** Objects whose keys are data: {@code flags}, and the files by their paths. */
  private static final Set<String> TABLES = Set.of("flags");

  /** Objects that have the fields that this machine's isolators can measure. */
  private static final Set<String> MEASURED = Set.of("statistics", "resource_statistics");

  private static final Pattern UUID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  /** The recorded ids of offers are all {@code x-O1}. */
  private static final Pattern OFFER = Pattern.compile("(x|<uuid>)-O[0-9]+");

  static boolean isCompared(String field) {
    return !FIELDS.matcher(field).matches();
  }

  static boolean isTable(String field) {
    return TABLES.contains(field);
  }

  /** Whether an object may have fewer or more fields than recorded, of the recorded types. */
  static boolean isMeasured(String field) {
    return MEASURED.contains(field);
  }

  /** A value, less the ids in it that are made up at random. */
  static Object value(Object value) {
    return switch (value) {
      case String text ->
          OFFER.matcher(UUID.matcher(text).replaceAll("<uuid>")).replaceAll("<offer>");
      case ByteString bytes -> bytes.toStringUtf8();
      case Number number -> number.doubleValue();
      default -> value;
    };
  }
}
