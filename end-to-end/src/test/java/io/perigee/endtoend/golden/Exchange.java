package io.perigee.endtoend.golden;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A recorded request, its answer, and what came next on streams. A fixture is a text file of such,
 * in the order in which they are replayed:
 *
 * <pre>
 * ### sched-kill                                name of the recording; "### - x" was not recorded
 * POST /api/v1/scheduler                        and is there because the next ones need it
 * Mesos-Stream-Id: {{stream}}                   headers, without Host and Content-Length
 *
 * {"type":"KILL", ...}                          body, if any
 * &lt;&lt;&lt; 202                                       status
 * Content-Type: ...                             headers, without Date and those of the framing
 *
 * ...                                           body, if any
 * ~~~ sched-subscribe-json acknowledge          an event on the stream that this exchange opened,
 * {"type":"UPDATE", ...}                        which the framework then acknowledges or not
 * ~~~ sched-subscribe-json end                  that stream ended
 * </pre>
 *
 * <p>Bodies and events in protobuf are written in its text format. {@code {{body of x}}} is the
 * body of an earlier exchange, which has the same fields; {@link Live} says what else is put in.
 *
 * <p>Against the recordings, besides ids and addresses:
 *
 * <ul>
 *   <li>states are as of a master with {@code --cluster}, where no weights or quota had been set;
 *       of all flags, and metrics of {@code GET_METRICS}, some are left
 *   <li>streams have what the replayed calls cause, and an offer of each form; tasks are killed
 *       where the recorded ones were drained away, and so are without that reason
 *   <li>the recorded executor was a program; here the test speaks for a process that tells its
 *       environment, sleeps, and has to be killed
 *   <li>protobuf has no fields that the v1 API does not know (Mesos sends {@code checkpoint} of
 *       agents); pages for people have no body, nor has HEAD
 * </ul>
 *
 * @param name of the recording
 * @param isRecorded whether it is one
 * @param headers of the request
 * @param answerHeaders by lower case name
 */
record Exchange(
    String name,
    boolean isRecorded,
    String method,
    String target,
    Map<String, String> headers,
    String body,
    int status,
    Map<String, String> answerHeaders,
    String answerBody,
    List<Expectation> expectations) {

  /** What happens on a stream. */
  sealed interface Expectation {
    /** The exchange that opened it. */
    String stream();
  }

  record Event(String stream, boolean isAcknowledged, String body) implements Expectation {}

  record End(String stream) implements Expectation {}

  private static final String START = "### ";
  private static final String NOT_RECORDED = "- ";
  private static final String ANSWER = "<<< ";
  private static final String EXPECTATION = "~~~ ";

  /** Fixtures that are replayed one after the other against one cluster. */
  static final List<List<String>> FIXTURES =
      List.of(
          List.of("life-cycle.http"),
          List.of("life-cycle-protobuf.http"),
          List.of("wrong-calls.http"),
          List.of("other-frameworks.http"),
          List.of(
              "operations-start.http",
              "master-legacy.http",
              "agent-legacy.http",
              "master-operator.http",
              "master-operator-protobuf.http",
              "agent-operator.http",
              "agent-operator-protobuf.http",
              "operations-end.http"));

  static Stream<Exchange> recorded() {
    return FIXTURES.stream()
        .flatMap(List::stream)
        .flatMap(file -> read(file).stream())
        .filter(Exchange::isRecorded);
  }

  static List<Exchange> read(String fixture) {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                Exchange.class.getResourceAsStream(fixture), StandardCharsets.UTF_8))) {
      return new Parser(in).exchanges();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean isProtobuf() {
    return "application/x-protobuf".equals(headers.get("content-type"));
  }

  boolean isToAgent() {
    return headers.containsKey("host");
  }

  /** What it speaks; for a path that has no API of calls, anything. */
  Api api() {
    if (target.endsWith("/scheduler")) {
      return Api.SCHEDULER;
    }
    return target.endsWith("/executor") ? Api.EXECUTOR : isToAgent() ? Api.AGENT : Api.MASTER;
  }

  /** Whether its answer is a stream of events. */
  boolean opensStream() {
    return answerHeaders.containsKey("mesos-stream-id")
        || expectations.stream().anyMatch(e -> e.stream().equals(name));
  }

  private static final class Parser {
    private final BufferedReader in;
    private final List<Exchange> exchanges = new ArrayList<>();
    private String line;

    private Parser(BufferedReader in) throws IOException {
      this.in = in;
      this.line = in.readLine();
    }

    private List<Exchange> exchanges() throws IOException {
      while (line != null) {
        exchanges.add(exchange());
      }
      return exchanges;
    }

    /** A body, with that of the earlier exchange which it refers to. */
    private String shared(String body) {
      for (Exchange earlier : exchanges) {
        body = body.replace("{{body of " + earlier.name() + "}}", earlier.answerBody());
      }
      return body;
    }

    private Exchange exchange() throws IOException {
      String name = rest(START);
      boolean isRecorded = !name.startsWith(NOT_RECORDED);
      String[] request = next().split(" ", 2);
      Map<String, String> headers = headers();
      String body = body();
      int status = Integer.parseInt(rest(ANSWER));
      Map<String, String> answerHeaders = headers();
      String answerBody = body();
      List<Expectation> expectations = new ArrayList<>();
      while (line != null && line.startsWith(EXPECTATION)) {
        String[] words = rest(EXPECTATION).split(" ");
        String option = words.length > 1 ? words[1] : "";
        String event = body();
        expectations.add(
            option.equals("end")
                ? new End(words[0])
                : new Event(words[0], option.equals("acknowledge"), event));
      }
      return new Exchange(
          isRecorded ? name : name.substring(NOT_RECORDED.length()),
          isRecorded,
          request[0],
          request[1],
          headers,
          body,
          status,
          answerHeaders,
          shared(answerBody),
          expectations);
    }

    private String next() throws IOException {
      String current = line;
      line = in.readLine();
      return current;
    }

    private String rest(String start) throws IOException {
      if (!line.startsWith(start)) {
        throw new IllegalStateException("'" + start + "' expected, not '" + line + "'");
      }
      return next().substring(start.length());
    }

    private Map<String, String> headers() throws IOException {
      Map<String, String> headers = new LinkedHashMap<>();
      for (String header = next(); header != null && !header.isEmpty(); header = next()) {
        int colon = header.indexOf(": ");
        headers.put(
            header.substring(0, colon).toLowerCase(Locale.ROOT), header.substring(colon + 2));
      }
      return headers;
    }

    private String body() throws IOException {
      List<String> lines = new ArrayList<>();
      while (line != null
          && !line.startsWith(START)
          && !line.startsWith(ANSWER)
          && !line.startsWith(EXPECTATION)) {
        lines.add(next());
      }
      return String.join("\n", lines);
    }
  }
}
