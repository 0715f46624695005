package io.perigee.endtoend.golden;

import io.perigee.endtoend.LiveStream;
import io.perigee.endtoend.RawHttp;
import io.perigee.endtoend.Tree;
import io.perigee.endtoend.golden.Exchange.End;
import io.perigee.endtoend.golden.Exchange.Event;
import io.perigee.endtoend.golden.Exchange.Expectation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Sends the exchanges of a fixture to a cluster, with its live ids in place of the recorded ones,
 * and tells how the answers differ.
 */
final class Replayer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** What follows from an event that did not come does not come either. */
  private static final Duration PATIENCE_AFTER_A_MISS = Duration.ofSeconds(2);

  /** Streams of wrong calls; those that framework calls go with are not among them. */
  private static final String WRONG = "sched-err-";

  private final InetSocketAddress master;
  private final InetSocketAddress agent;
  private final Live live;
  private final Map<String, Subscription> subscriptions = new LinkedHashMap<>();
  private final Set<String> recordedStreams = new LinkedHashSet<>();
  private @Nullable Subscription current;
  private Duration patience = PATIENCE;

  Replayer(InetSocketAddress master, InetSocketAddress agent) throws IOException {
    this.master = master;
    this.agent = agent;
    Object agents = Tree.listAt(Tree.json(get(master, "/slaves")), "slaves").getFirst();
    live = new Live(master, agent, Tree.textAt(agents, "id"));
  }

  private static String get(InetSocketAddress address, String path) throws IOException {
    try (RawHttp http = new RawHttp(address)) {
      http.send("GET " + path + " HTTP/1.1\nHost: " + Live.text(address) + "\n\n", new byte[0]);
      return http.readAnswer().body();
    }
  }

  /**
   * Replays one exchange, and waits for what is to follow on streams.
   *
   * @return how its answer differs; what differs on streams is told by {@link #differencesOf}
   * @throws AssertionError if something does not follow
   */
  List<String> replay(Exchange exchange) throws IOException {
    RawHttp http = new RawHttp(exchange.isToAgent() ? agent : master);
    send(http, exchange);
    AnswerComparison comparison = new AnswerComparison(exchange, text -> fill(text, false));
    RawHttp.Head head = http.readHead();
    List<String> differences = new ArrayList<>(comparison.heads(head));
    if (exchange.opensStream() && head.status() == 200) {
      subscribed(exchange, http, head, differences);
    } else {
      if (!exchange.method().equals("HEAD") && head.status() == exchange.status()) {
        differences.addAll(comparison.bodies(http.readBytes(head)));
      }
      http.close();
    }
    List<String> missing = exchange.expectations().stream().flatMap(this::meet).toList();
    if (!missing.isEmpty()) {
      throw new AssertionError(missing + ", and the answer: " + differences);
    }
    return differences.stream().map(live::withoutIds).toList();
  }

  private void send(RawHttp http, Exchange exchange) throws IOException {
    byte[] body = Live.bytes(exchange.body());
    if (body == null) {
      String text = fill(exchange.body(), exchange.isProtobuf());
      body =
          exchange.isProtobuf()
              ? exchange.api().encodeCall(text)
              : text.getBytes(StandardCharsets.UTF_8);
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

  private String fill(String text, boolean isProtobuf) {
    return live.fill(
        text,
        isProtobuf,
        cpus -> current.wholeOffer(Double.parseDouble(cpus), this::decline),
        current == null ? "" : current.stream().id());
  }

  private void subscribed(
      Exchange exchange, RawHttp http, RawHttp.Head head, List<String> differences) {
    Api api = exchange.api();
    boolean isProtobuf = "application/x-protobuf".equals(head.headers().get("content-type"));
    LiveStream stream =
        new LiveStream(
            exchange.name(),
            head.headers().getOrDefault("mesos-stream-id", ""),
            isProtobuf ? api::event : Tree::json,
            http);
    Subscription subscription = new Subscription(api, stream, differences);
    subscriptions.put(exchange.name(), subscription);
    if (exchange.isRecorded()) {
      recordedStreams.add(exchange.name());
    }
    Object event = subscription.first("SUBSCRIBED", "ERROR");
    if (api == Api.SCHEDULER && !exchange.name().startsWith(WRONG) && event != null) {
      // From now on calls go with this stream, and are the framework's that it is for.
      live.framework(Tree.textAt(event, "subscribed", "framework_id", "value"));
      current = subscription;
    }
  }

  /** What does not happen, in words; empty if it happens. */
  private Stream<String> meet(Expectation expectation) {
    Subscription subscription = subscriptions.get(expectation.stream());
    if (subscription == null) {
      return Stream.of(expectation.stream() + " was not opened");
    }
    return switch (expectation) {
      case End(String stream) ->
          subscription.awaitEnd() ? Stream.empty() : Stream.of(stream + " does not end");
      case Event event -> meet(event, subscription);
    };
  }

  private Stream<String> meet(Event event, Subscription subscription) {
    Object wanted = subscription.api().event(fill(event.body(), !event.body().startsWith("{")));
    String key = EventKey.of(wanted);
    boolean isAwaited = !AllowedDifferences.isMissing(event.stream(), key);
    Object ours = subscription.expect(wanted, isAwaited ? patience : Duration.ZERO);
    if (ours == null) {
      if (!isAwaited) {
        return Stream.empty();
      }
      patience = PATIENCE_AFTER_A_MISS;
      return Stream.of("no " + key + " on " + event.stream() + " but " + subscription.keys());
    }
    Object uuid = Tree.at(ours, "update", "status", "uuid");
    if (uuid != null) {
      live.uuid(uuid);
      if (event.isAcknowledged()) {
        acknowledge(Tree.at(ours, "update", "status"));
      }
    }
    return Stream.empty();
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
