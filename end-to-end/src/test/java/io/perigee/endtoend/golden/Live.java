package io.perigee.endtoend.golden;

import com.google.protobuf.ByteString;
import com.google.protobuf.TextFormat;
import java.util.Base64;
import java.util.HexFormat;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is put in for the names in a fixture. Ids that the recorded master gave out are not those
 * that ours gives out.
 *
 * <ul>
 *   <li>{@code {{framework}}}, {@code {{stream}}}, {@code {{agent}}}: ids
 *   <li>{@code {{offer 4.0}}}: the one offer open, of so many CPUs
 *   <li>{@code {{uuid}}}: of the last update awaited
 *   <li>{@code {{master-address}}}, {@code {{agent-address}}}: host and port
 *   <li>{@code {{sandbox}}}: directory of the first executor on the agent
 *   <li>{@code {{bytes ff 00}}}: a body of these bytes
 *   <li>{@code {{any}}}: in an answer, not compared
 * </ul>
 */
final class Live {
  static final String ANY = "{{any}}";

  private static final Pattern NAME = Pattern.compile("\\{\\{([a-z-]+)(?: ([^}]*))?}}");
  private static final Pattern BYTES = Pattern.compile("\\{\\{bytes ([0-9a-f ]+)}}");

  private final String masterAddress;
  private final String agentAddress;
  private final String agentId;
  private String frameworkId = "";
  private ByteString uuid = ByteString.EMPTY;

  Live(String masterAddress, String agentAddress, String agentId) {
    this.masterAddress = masterAddress;
    this.agentAddress = agentAddress;
    this.agentId = agentId;
  }

  void framework(String id) {
    frameworkId = id;
  }

  String framework() {
    return frameworkId;
  }

  String masterAddress() {
    return masterAddress;
  }

  /**
   * Remembers an update's.
   *
   * @param value base64 from JSON, bytes from protobuf
   */
  void uuid(Object value) {
    uuid =
        value instanceof String text
            ? ByteString.copyFrom(Base64.getDecoder().decode(text))
            : (ByteString) value;
  }

  String uuidBase64() {
    return Base64.getEncoder().encodeToString(uuid.toByteArray());
  }

  /**
   * A text with what is live now.
   *
   * @param offer finds the id of the offer with so many CPUs
   * @param streamId of the framework
   * @param sandbox finds the directory
   */
  String fill(
      String text,
      boolean isProtobuf,
      UnaryOperator<String> offer,
      String streamId,
      UnaryOperator<String> sandbox) {
    return NAME.matcher(text)
        .replaceAll(match ->
            Matcher.quoteReplacement(
                switch (match.group(1)) {
                  case "framework" -> frameworkId;
                  case "agent" -> agentId;
                  case "stream" -> streamId;
                  case "offer" -> offer.apply(match.group(2));
                  case "uuid" -> isProtobuf ? TextFormat.escapeBytes(uuid) : uuidBase64();
                  case "master-address" -> masterAddress;
                  case "agent-address" -> agentAddress;
                  case "sandbox" -> sandbox.apply(agentAddress);
                  case "any", "bytes" -> match.group();
                  default -> throw new IllegalArgumentException(match.group());
                }));
  }

  /** A text with names again in place of the ids that are another in each run. */
  String withoutIds(String text) {
    return frameworkId.isEmpty() ? text : text.replace(frameworkId, "{{framework}}");
  }

  /** The bytes that a body gives in hexadecimal, or null if it is not such a body. */
  static byte[] bytes(String body) {
    Matcher bytes = BYTES.matcher(body);
    return bytes.matches() ? HexFormat.of().parseHex(bytes.group(1).replace(" ", "")) : null;
  }
}
