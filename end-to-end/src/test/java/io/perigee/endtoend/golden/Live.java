package io.perigee.endtoend.golden;

import com.google.protobuf.ByteString;
import com.google.protobuf.TextFormat;
import io.perigee.endtoend.AgentView;
import java.net.InetSocketAddress;
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
 *   <li>{@code {{master-port}}}, {@code {{agent-port}}}: the port alone
 *   <li>{@code {{executor x}}}: that id, once it has told its environment: then its process runs
 *   <li>{@code {{sandbox x}}}: directory of that executor
 *   <li>{@code {{file x y}}}: path of the file y in it, once it is there
 *   <li>{@code {{bytes ff 00}}}: a body of these bytes
 *   <li>{@code {{any}}}: in an answer, not compared
 * </ul>
 */
final class Live {
  static final String ANY = "{{any}}";

  private static final Pattern NAME = Pattern.compile("\\{\\{([a-z-]+)(?: ([^}]*))?}}");
  private static final Pattern BYTES = Pattern.compile("\\{\\{bytes ([0-9a-f ]+)}}");

  private final InetSocketAddress master;
  private final InetSocketAddress agent;
  private final AgentView agentView;
  private final String agentId;
  private String frameworkId = "";
  private ByteString uuid = ByteString.EMPTY;

  Live(InetSocketAddress master, InetSocketAddress agent, String agentId) {
    this.master = master;
    this.agent = agent;
    this.agentView = new AgentView(agent);
    this.agentId = agentId;
  }

  void framework(String id) {
    frameworkId = id;
  }

  String framework() {
    return frameworkId;
  }

  String masterAddress() {
    return text(master);
  }

  static String text(InetSocketAddress address) {
    return address.getHostString() + ":" + address.getPort();
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
   */
  String fill(String text, boolean isProtobuf, UnaryOperator<String> offer, String streamId) {
    return NAME.matcher(text)
        .replaceAll(match -> {
          String argument = match.group(2);
          return Matcher.quoteReplacement(
              switch (match.group(1)) {
                case "framework" -> frameworkId;
                case "agent" -> agentId;
                case "stream" -> streamId;
                case "offer" -> offer.apply(argument);
                case "uuid" -> isProtobuf ? TextFormat.escapeBytes(uuid) : uuidBase64();
                case "master-address" -> text(master);
                case "agent-address" -> text(agent);
                case "master-port" -> Integer.toString(master.getPort());
                case "agent-port" -> Integer.toString(agent.getPort());
                case "executor" -> executor(argument);
                case "sandbox" -> agentView.sandbox(frameworkId, argument);
                case "file" -> file(argument.split(" ", 2));
                case "any", "bytes" -> match.group();
                default -> throw new IllegalArgumentException(match.group());
              });
        });
  }

  private String executor(String id) {
    agentView.file(frameworkId, id, "environment");
    return id;
  }

  private String file(String[] words) {
    return agentView.file(frameworkId, words[0], words[1]);
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
