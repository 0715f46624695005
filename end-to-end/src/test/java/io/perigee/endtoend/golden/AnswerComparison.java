package io.perigee.endtoend.golden;

import io.perigee.endtoend.RawHttp;
import io.perigee.endtoend.Tree;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * How an answer differs from the recorded one: in status, headers, and body. Texts must be equal,
 * but pages for people may say what they like; JSON and protobuf are compared by {@link Shape}.
 */
record AnswerComparison(Exchange exchange, UnaryOperator<String> fill) {
  private static final Set<String> FRAMING =
      Set.of("date", "content-length", "transfer-encoding", "connection");

  List<String> heads(RawHttp.Head ours) {
    List<String> differences = new ArrayList<>();
    if (ours.status() != exchange.status()) {
      differences.add("status is " + ours.status() + ", not " + exchange.status());
    }
    Set<String> names = new TreeSet<>(ours.headers().keySet());
    names.addAll(exchange.answerHeaders().keySet());
    names.removeAll(FRAMING);
    for (String name : names) {
      String our = ours.headers().get(name);
      String wanted = exchange.answerHeaders().get(name);
      boolean isSame =
          Live.ANY.equals(wanted) ? our != null : wanted != null && fill.apply(wanted).equals(our);
      if (!isSame) {
        differences.add(name + " is '" + our + "', not '" + wanted + "'");
      }
    }
    return differences;
  }

  /** Compares the body of an answer with the recorded content type. */
  List<String> bodies(byte[] ours) {
    String wanted = fill.apply(exchange.answerBody());
    return switch (exchange.answerHeaders().getOrDefault("content-type", "")) {
      case "text/html" -> List.of();
      case "application/json" -> compare(Tree.json(wanted), Tree.json(ours));
      case "application/x-protobuf" ->
          compare(exchange.api().answer(wanted), exchange.api().answer(ours));
      case "text/javascript" -> calls(wanted, text(ours));
      default -> texts(wanted, text(ours));
    };
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static List<String> compare(Object wanted, Object ours) {
    return Shape.of(wanted).differences(Shape.of(ours));
  }

  private static List<String> calls(String wanted, String ours) {
    String call = wanted.substring(0, wanted.indexOf('(') + 1);
    return ours.startsWith(call) && ours.endsWith(")")
        ? compare(Tree.json(argument(wanted)), Tree.json(argument(ours)))
        : List.of("is not a call of " + call);
  }

  private static String argument(String call) {
    return call.substring(call.indexOf('(') + 1, call.length() - 1);
  }

  private static List<String> texts(String wanted, String ours) {
    return wanted.equals(Live.ANY) || ours.equals(wanted) || ours.equals(wanted + "\n")
        ? List.of()
        : List.of("body is '" + ours + "', not '" + wanted + "'");
  }
}
