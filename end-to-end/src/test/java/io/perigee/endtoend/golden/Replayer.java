package io.perigee.endtoend.golden;

import com.google.protobuf.TextFormat;
import io.perigee.endtoend.LiveStream;
import io.perigee.endtoend.RawHttp;
import io.perigee.endtoend.Tree;
import io.perigee.endtoend.golden.Exchange.End;
import io.perigee.endtoend.golden.Exchange.Event;
import io.perigee.endtoend.golden.Exchange.Expectation;
import io.perigee.mesos.v1.scheduler.Call;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Sends the exchanges of a fixture to a cluster, with its live ids in place of the recorded ones,
 * and tells how the answers differ.
 */
final class Replayer implements AutoCloseable {
  private static final Set<String> FRAMING =
      Set.of("date", "content-length", "transfer-encoding", "connection");

  /** Streams of wrong calls; those that framework calls go with are not among them. */
  private static final String WRONG = "sched-err-";

  private final InetSocketAddress master;
  private final InetSocketAddress agent;
  private final Live live;
  private final Map<String, Subscription> subscriptions = new LinkedHashMap<>();
  private final Set<String> recordedStreams = new LinkedHashSet<>();
  private @Nullable Subscription current;

  Replayer(InetSocketAddress master, InetSocketAddress agent) throws IOException {
    this.master = master;
    this.agent = agent;
    Object agents = Tree.listAt(Tree.json(get(master, "/slaves")), "slaves").getFirst();
    live = new Live(text(master), text(agent), Tree.textAt(agents, "id"));
  }

  private static String text(InetSocketAddress address) {
    return address.getHostString() + ":" + address.getPort();
  }

  private static String get(InetSocketAddress address, String path) throws IOException {
    try (RawHttp http = new RawHttp(address)) {
      http.send("GET " + path + " HTTP/1.1\nHost: " + text(address) + "\n\n", new byte[0]);
      return http.readAnswer().body();
    }
  }

  /**
   * Replays one exchange, and waits for what is to follow on streams.
   *
   * @return how its answer differs; what differs on streams is told by {@link #differencesOf}
   */
  List<String> replay(Exchange exchange) throws IOException {
    boolean isToAgent = exchange.headers().containsKey("host");
    RawHttp http = new RawHttp(isToAgent ? agent : master);
    send(http, exchange);
    RawHttp.Head head = http.readHead();
    List<String> differences = new ArrayList<>();
    compareHeads(exchange, head, differences);
    String streamId = head.headers().get("mesos-stream-id");
    if (streamId == null) {
      String body = exchange.method().equals("HEAD") ? "" : http.readBody(head);
      compareBodies(exchange, body, differences);
      http.close();
    } else {
      boolean isProtobuf = "application/x-protobuf".equals(head.headers().get("content-type"));
      subscribed(
          exchange, new LiveStream(exchange.name(), streamId, isProtobuf, http), differences);
    }
    for (Expectation expectation : exchange.expectations()) {
      meet(expectation);
    }
    return differences.stream().map(live::withoutIds).toList();
  }

  private void send(RawHttp http, Exchange exchange) throws IOException {
    byte[] body = Live.bytes(exchange.body());
    if (body == null) {
      String text = fill(exchange.body(), exchange.isProtobuf());
      body = exchange.isProtobuf() ? encode(text) : text.getBytes(StandardCharsets.UTF_8);
    }
    StringBuilder head = new StringBuilder();
    head.append(exchange.method()).append(' ').append(fill(exchange.target(), false));
    head.append(" HTTP/1.1\n");
    if (!exchange.headers().containsKey("host")) {
      head.append("Host: ").append(live.masterAddress()).append('\n');
    }
    exchange
        .headers()
        .forEach((name, value) ->
            head.append(name).append(": ").append(fill(value, false)).append('\n'));
    if (exchange.method().equals("POST") || exchange.method().equals("PUT")) {
      head.append("Content-Length: ").append(body.length).append('\n');
    }
    http.send(head.append('\n').toString(), body);
  }

  private static byte[] encode(String text) throws TextFormat.ParseException {
    Call.Builder call = Call.newBuilder();
    TextFormat.merge(text, call);
    return call.build().toByteArray();
  }

  private String fill(String text, boolean isProtobuf) {
    return live.fill(
        text,
        isProtobuf,
        cpus -> current.wholeOffer(Double.parseDouble(cpus), this::decline),
        current == null ? "" : current.stream().id(),
        address -> sandbox());
  }

  private String sandbox() {
    try {
      Object framework = Tree.listAt(Tree.json(get(agent, "/state")), "frameworks").getFirst();
      return Tree.textAt(Tree.listAt(framework, "executors").getFirst(), "directory");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void compareHeads(Exchange exchange, RawHttp.Head head, List<String> differences) {
    if (head.status() != exchange.status()) {
      differences.add("status is " + head.status() + ", not " + exchange.status());
    }
    Set<String> names = new TreeSet<>(head.headers().keySet());
    names.addAll(exchange.answerHeaders().keySet());
    names.removeAll(FRAMING);
    for (String name : names) {
      String ours = head.headers().get(name);
      String wanted = exchange.answerHeaders().get(name);
      boolean isSame =
          Live.ANY.equals(wanted)
              ? ours != null
              : wanted != null && fill(wanted, false).equals(ours);
      if (!isSame) {
        differences.add(name + " is '" + ours + "', not '" + wanted + "'");
      }
    }
  }

  private void compareBodies(Exchange exchange, String ours, List<String> differences) {
    String wanted = fill(exchange.answerBody(), false);
    String type = exchange.answerHeaders().getOrDefault("content-type", "");
    if (type.equals("application/json") && !wanted.isEmpty()) {
      differences.addAll(shape(wanted).differences(shape(ours)));
    } else if (type.equals("text/javascript")) {
      String call = wanted.substring(0, wanted.indexOf('(') + 1);
      if (!ours.startsWith(call) || !ours.endsWith(")")) {
        differences.add("is not a call of " + call);
      } else {
        differences.addAll(shape(argument(wanted)).differences(shape(argument(ours))));
      }
    } else if (!ours.equals(wanted) && !ours.equals(wanted + "\n")) {
      differences.add("body is '" + ours + "', not '" + wanted + "'");
    }
  }

  private static Shape shape(String json) {
    return Shape.of(Tree.json(json));
  }

  private static String argument(String call) {
    return call.substring(call.indexOf('(') + 1, call.length() - 1);
  }

  /** From now on calls go with this stream, and are the framework's that it is for. */
  private void subscribed(Exchange exchange, LiveStream stream, List<String> differences) {
    Subscription subscription = new Subscription(stream, differences);
    subscriptions.put(exchange.name(), subscription);
    if (exchange.isRecorded()) {
      recordedStreams.add(exchange.name());
    }
    Object event = subscription.first("SUBSCRIBED", "ERROR");
    if (!exchange.name().startsWith(WRONG) && event != null) {
      live.framework(Tree.textAt(event, "subscribed", "framework_id", "value"));
      current = subscription;
    }
  }

  private void meet(Expectation expectation) {
    Subscription subscription = subscriptions.get(expectation.stream());
    switch (expectation) {
      case End(String stream) -> {
        if (!subscription.awaitEnd()) {
          throw new AssertionError(stream + " does not end");
        }
      }
      case Event event -> {
        String body = fill(event.body(), !event.body().startsWith("{"));
        boolean isAwaited = !AllowedDifferences.isMissing(event.stream(), body);
        Object ours = subscription.expect(body, isAwaited);
        if (isAwaited && ours == null) {
          throw new AssertionError(
              "no "
                  + EventKey.of(Tree.event(body))
                  + " but "
                  + subscription.stream().events().stream().map(EventKey::of).toList());
        }
        Object uuid = ours == null ? null : Tree.at(ours, "update", "status", "uuid");
        if (uuid != null) {
          live.uuid(uuid);
          if (event.isAcknowledged()) {
            acknowledge(Tree.at(ours, "update", "status"));
          }
        }
      }
    }
  }

  private void acknowledge(Object status) {
    call(
        "{\"type\":\"ACKNOWLEDGE\",\"framework_id\":{\"value\":\"%s\"},\"acknowledge\":{"
                .formatted(live.framework())
            + "\"agent_id\":{\"value\":\"%s\"},\"task_id\":{\"value\":\"%s\"},\"uuid\":\"%s\"}}"
                .formatted(
                    Tree.textAt(status, "agent_id", "value"),
                    Tree.textAt(status, "task_id", "value"),
                    live.uuidBase64()));
  }

  private void decline(Set<String> offers) {
    call(
        "{\"type\":\"DECLINE\",\"framework_id\":{\"value\":\"%s\"},\"decline\":{\"offer_ids\":[%s],\"filters\":{\"refuse_seconds\":0}}}"
            .formatted(
                live.framework(),
                offers.stream()
                    .map("{\"value\":\"%s\"}"::formatted)
                    .collect(Collectors.joining(","))));
  }

  private void call(String json) {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    try (RawHttp http = new RawHttp(master)) {
      http.send(
          "POST /api/v1/scheduler HTTP/1.1\nHost: "
              + live.masterAddress()
              + "\nContent-Type: application/json\nMesos-Stream-Id: "
              + current.stream().id()
              + "\nContent-Length: "
              + body.length
              + "\n\n",
          body);
      RawHttp.Answer answer = http.readAnswer();
      if (answer.status() != 202) {
        throw new AssertionError(json + " -> " + answer.status() + " " + answer.body());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Recorded exchanges that opened a stream. */
  Set<String> streams() {
    return recordedStreams;
  }

  /** How the answer and all events of a stream differ from its recording. */
  Set<String> differencesOf(String stream) {
    return subscriptions.get(stream).differences();
  }

  @Override
  public void close() throws IOException {
    for (Subscription subscription : subscriptions.values()) {
      subscription.stream().close();
    }
  }
}
