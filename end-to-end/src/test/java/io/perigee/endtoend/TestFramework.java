package io.perigee.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** A framework that speaks JSON, well-behaved unless told otherwise. Used by one thread. */
final class TestFramework implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Set<String> TERMINAL =
      Set.of("TASK_FINISHED", "TASK_FAILED", "TASK_KILLED", "TASK_ERROR", "TASK_DROPPED");

  private final InetSocketAddress master;
  private final LiveStream stream;
  private final String id;
  private final Set<Object> used = new HashSet<>();

  /** Subscribes, partition-aware, with one role of its name. */
  TestFramework(InetSocketAddress master, String name) throws IOException {
    this.master = master;
    RawHttp http = new RawHttp(master);
    http.send(head(master, subscription(name).length, ""), subscription(name));
    RawHttp.Head head = http.readHead();
    assertThat(head.status()).isEqualTo(200);
    stream = new LiveStream(name, head.headers().get("mesos-stream-id"), Tree::json, http);
    id = Tree.textAt(next("SUBSCRIBED", e -> true), "subscribed", "framework_id", "value");
  }

  static byte[] subscription(String name) {
    return """
    {"type":"SUBSCRIBE","subscribe":{"framework_info":{"user":"root","name":"%s","roles":["%s"],\
    "capabilities":[{"type":"MULTI_ROLE"},{"type":"PARTITION_AWARE"}]}}}\
    """
        .formatted(name, name)
        .getBytes(StandardCharsets.UTF_8);
  }

  static String head(InetSocketAddress master, int length, String more) {
    return "POST /api/v1/scheduler HTTP/1.1\nHost: "
        + master.getHostString()
        + "\nContent-Type: application/json\n"
        + more
        + "Content-Length: "
        + length
        + "\n\n";
  }

  String id() {
    return id;
  }

  /** Calls as itself. */
  RawHttp.Answer call(String type, String payload) throws IOException {
    return call(id, type, payload);
  }

  /** Calls as somebody, on its own stream. */
  RawHttp.Answer call(String frameworkId, String type, String payload) throws IOException {
    byte[] body =
        "{\"type\":\"%s\",\"framework_id\":{\"value\":\"%s\"}%s}"
            .formatted(type, frameworkId, payload.isEmpty() ? "" : "," + payload)
            .getBytes(StandardCharsets.UTF_8);
    try (RawHttp http = new RawHttp(master)) {
      http.send(head(master, body.length, "Mesos-Stream-Id: " + stream.id() + "\n"), body);
      return http.readAnswer();
    }
  }

  /** The next event of a type that was not given out yet. */
  Object next(String type, Predicate<Object> wanted) {
    Predicate<Object> fits =
        event ->
            Tree.textAt(event, "type").equals(type) && !used.contains(event) && wanted.test(event);
    assertThat(stream.await(PATIENCE, events -> events.stream().anyMatch(fits)))
        .as("%s in %s", type, stream.events())
        .isTrue();
    Object event = stream.events().stream().filter(fits).findFirst().orElseThrow();
    used.add(event);
    return event;
  }

  Object nextOffer() {
    return Tree.listAt(next("OFFERS", e -> true), "offers", "offers").getFirst();
  }

  /** The next update of a task, which it acknowledges if that is wanted. */
  Object nextUpdate(String taskId) throws IOException {
    Object update =
        Tree.at(
            next(
                "UPDATE",
                e -> Tree.textAt(e, "update", "status", "task_id", "value").equals(taskId)),
            "update",
            "status");
    String uuid = Tree.textAt(update, "uuid");
    if (!uuid.isEmpty()) {
      call(
          "ACKNOWLEDGE",
          "\"acknowledge\":{\"agent_id\":{\"value\":\"%s\"},\"task_id\":{\"value\":\"%s\"},\"uuid\":\"%s\"}"
              .formatted(Tree.textAt(update, "agent_id", "value"), taskId, uuid));
    }
    return update;
  }

  /** Accepts an offer for one task; what is left comes back after a second. */
  RawHttp.Answer launch(Object offer, String taskId, double cpus, String command)
      throws IOException {
    return launch(
        Tree.textAt(offer, "id", "value"),
        Tree.textAt(offer, "agent_id", "value"),
        taskId,
        cpus,
        command);
  }

  RawHttp.Answer launch(String offerId, String agentId, String taskId, double cpus, String command)
      throws IOException {
    return accept(
        offerId, agentId, taskId, cpus, "\"command\":{\"value\":\"%s\"}".formatted(command));
  }

  /** Accepts an offer for one task of an executor, which is the one of {@link TestExecutor}. */
  RawHttp.Answer launchWithExecutor(Object offer, String taskId, String executorId)
      throws IOException {
    return accept(
        Tree.textAt(offer, "id", "value"),
        Tree.textAt(offer, "agent_id", "value"),
        taskId,
        0.1,
        """
        "executor":{"type":"CUSTOM","executor_id":{"value":"%s"},"framework_id":{"value":"%s"},\
        "resources":[{"name":"cpus","type":"SCALAR","scalar":{"value":0.1}},\
        {"name":"mem","type":"SCALAR","scalar":{"value":32}}],"command":{"value":"%s"}}\
        """
            .formatted(executorId, id, TestExecutor.COMMAND));
  }

  private RawHttp.Answer accept(
      String offerId, String agentId, String taskId, double cpus, String what) throws IOException {
    return call(
        "ACCEPT",
        """
        "accept":{"offer_ids":[{"value":"%s"}],"operations":[{"type":"LAUNCH","launch":{"task_infos":[\
        {"name":"t","task_id":{"value":"%s"},"agent_id":{"value":"%s"},"resources":[\
        {"name":"cpus","type":"SCALAR","scalar":{"value":%s}},\
        {"name":"mem","type":"SCALAR","scalar":{"value":32}}],\
        %s}]}}],"filters":{"refuse_seconds":0}}\
        """
            .formatted(offerId, taskId, agentId, cpus, what));
  }

  /** States that a task goes through, to its end. */
  List<String> run(String taskId, String command) throws IOException {
    assertThat(launch(nextOffer(), taskId, 0.1, command).status()).isEqualTo(202);
    List<String> states = new ArrayList<>();
    while (states.isEmpty() || !TERMINAL.contains(states.getLast())) {
      states.add(Tree.textAt(nextUpdate(taskId), "state"));
    }
    return states;
  }

  /** Ends the framework, and its tasks with it. */
  @Override
  public void close() throws IOException {
    call("TEARDOWN", "");
    stream.close();
  }
}
