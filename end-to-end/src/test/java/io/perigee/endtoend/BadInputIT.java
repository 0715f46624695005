package io.perigee.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perigee.common.SeededRandom;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A master that strangers, broken programs and liars speak to. After each of them it still runs
 * tasks, and all that they took of it is free again.
 */
final class BadInputIT {
  /** Longer than any limit of time that the master has for a request that stalls. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /**
   * Threads that come and go by themselves: the runtime's own, and the carriers of virtual ones.
   */
  private static final int THREADS_OF_THE_RUNTIME = 8;

  /** The agent's link, and the request that asks. */
  private static final String OPEN_CONNECTIONS = "2";

  @TempDir private static Path workDir;
  private static TestCluster cluster;
  private static InetSocketAddress master;
  private static int threadsBefore;

  @BeforeAll
  static void startCluster() throws IOException {
    cluster = new TestCluster(workDir);
    master = cluster.master();
    runTask();
    threadsBefore = threads();
  }

  @AfterAll
  static void endCluster() {
    cluster.close();
  }

  @AfterEach
  void masterIsAsBefore() throws IOException {
    runTask();
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          Map<String, String> counts = counts();
          assertThat(counts).containsEntry("http_connections_open", OPEN_CONNECTIONS);
          assertThat(counts).containsEntry("http_streams_open", "0");
          assertThat(counts).containsEntry("http_request_body_bytes", "0");
          assertThat(counts).containsEntry("http_handler_failures_total", "0");
          Object metrics = Tree.json(get("/metrics/snapshot"));
          assertThat(Tree.at(metrics, "master/event_queue_messages")).isEqualTo(0.0);
          assertThat(Tree.at(metrics, "master/frameworks_active")).isEqualTo(0.0);
          assertThat(Tree.at(metrics, "master/cpus_used")).isEqualTo(0.0);
          assertThat(Tree.at(metrics, "master/slaves_active")).isEqualTo(1.0);
        });
    assertThat(threads()).isLessThanOrEqualTo(threadsBefore + THREADS_OF_THE_RUNTIME);
  }

  private static void runTask() throws IOException {
    try (TestFramework framework = new TestFramework(master, "good")) {
      assertThat(framework.run("good", "true"))
          .containsExactly("TASK_STARTING", "TASK_RUNNING", "TASK_FINISHED");
    }
  }

  private static int threads() {
    return ManagementFactory.getThreadMXBean().getThreadCount();
  }

  private static String get(String path) throws IOException {
    try (RawHttp http = new RawHttp(master)) {
      RawHttp.Answer answer =
          http.send("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n").readAnswer();
      assertThat(answer.status()).isEqualTo(200);
      return answer.body();
    }
  }

  /** What the master counts about connections, by name. */
  private static Map<String, String> counts() throws IOException {
    return get("/metrics")
        .lines()
        .map(line -> line.split(" ", 2))
        .collect(Collectors.toMap(words -> words[0], words -> words[1]));
  }

  private static long count(String name) throws IOException {
    return Long.parseLong(counts().get(name));
  }

  @Test
  void malformedAndOversizeRequestsAreRefusedWhileOthersAreServed() throws IOException {
    String post =
        "POST /api/v1/scheduler HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
    Map<String, Integer> requests =
        Map.of(
            "\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n",
            400,
            "POST /api/v1/scheduler\r\n\r\n",
            400,
            "GET /" + "x".repeat(10_000) + " HTTP/1.1\r\nHost: x\r\n\r\n",
            414,
            "GET / HTTP/1.1\r\nHost: x\r\nX: " + "x".repeat(100_000) + "\r\n\r\n",
            431,
            post + "Content-Length: 1000000000\r\n\r\n",
            413,
            post + "Content-Length: -5\r\n\r\n",
            400,
            post + "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
            400,
            post + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400);
    try (TestFramework framework = new TestFramework(master, "served")) {
      framework.launch(framework.nextOffer(), "t", 0.1, "sleep 1000");
      for (int round = 0; round < 20; round++) {
        for (Map.Entry<String, Integer> request : requests.entrySet()) {
          try (RawHttp http = new RawHttp(master)) {
            assertThat(http.send(request.getKey()).readHead().status())
                .as(request.getKey().substring(0, Math.min(80, request.getKey().length())))
                .isEqualTo(request.getValue());
          }
        }
      }
      assertThat(Tree.textAt(framework.nextUpdate("t"), "state")).isEqualTo("TASK_STARTING");
      assertThat(Tree.textAt(framework.nextUpdate("t"), "state")).isEqualTo("TASK_RUNNING");
    }
  }

  @Test
  void damagedCallsAreAnsweredAndNeverWithAFailure() throws IOException {
    long seed = System.nanoTime();
    SeededRandom random = new SeededRandom(seed);
    byte[] whole = TestFramework.subscription("damaged");
    int refused = 0;
    for (int i = 0; i < 500; i++) {
      byte[] body = whole.clone();
      for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
        body[random.nextInt(body.length)] = (byte) random.nextInt(256);
      }
      try (RawHttp http = new RawHttp(master)) {
        RawHttp.Head head = http.send(TestFramework.head(master, body.length, ""), body).readHead();
        assertThat(head.status()).as("seed %d, call %d", seed, i).isIn(200, 400);
        refused += head.status() == 400 ? 1 : 0;
      }
    }
    assertThat(refused).isBetween(100, 499);
  }

  @Test
  void requestsThatStallAreCutOffAndHoldUpNobody() throws IOException {
    long strikes =
        count("http_limit_strikes_total{limit=\"header_time\"}")
            + count("http_limit_strikes_total{limit=\"stall_time\"}");
    List<RawHttp> stalled = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      RawHttp http = new RawHttp(master);
      http.send(
          i % 2 == 0
              ? "POST /api/v1/scheduler HTTP/1.1\r\nHost: x\r\nContent-"
              : TestFramework.head(master, 1000, "").replace("\n", "\r\n") + "{\"type\":");
      stalled.add(http);
    }
    try {
      await().atMost(PATIENCE).until(() -> count("http_connections_open") >= 100);
      runTask();
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(500))
          .until(() -> counts().get("http_connections_open").equals(OPEN_CONNECTIONS));
      assertThat(
              count("http_limit_strikes_total{limit=\"header_time\"}")
                  + count("http_limit_strikes_total{limit=\"stall_time\"}"))
          .isEqualTo(strikes + 100);
    } finally {
      for (RawHttp http : stalled) {
        http.close();
      }
    }
  }

  @Test
  void subscriberThatStopsReadingIsCutOffAndCountedAndOthersGoOn() throws IOException {
    String slowReaders = "http_streams_ended_total{reason=\"slow_reader\"}";
    byte[] subscription = TestFramework.subscription("slow");
    try (RawHttp slow = new RawHttp(master, 4096);
        TestFramework other = new TestFramework(master, "other")) {
      RawHttp.Head head =
          slow.send(TestFramework.head(master, subscription.length, ""), subscription).readHead();
      String record = new String(slow.readChunk(), StandardCharsets.UTF_8);
      String id =
          Tree.textAt(
              Tree.json(record.substring(record.indexOf('\n') + 1)),
              "subscribed",
              "framework_id",
              "value");
      // From here on it does not read. Each of these calls is answered by 2,000 events.
      byte[] call = reconciliationOfUnknownTasks(id, 2000);
      String callHead =
          TestFramework.head(
              master,
              call.length,
              "Mesos-Stream-Id: " + head.headers().get("mesos-stream-id") + "\n");
      int status = 202;
      for (int i = 0; i < 200 && status == 202; i++) {
        try (RawHttp http = new RawHttp(master)) {
          status = http.send(callHead, call).readAnswer().status();
        }
      }
      assertThat(status).as("the framework is gone").isEqualTo(400);
      assertThat(count(slowReaders)).isEqualTo(1);
      assertThat(other.run("t", "true")).endsWith("TASK_FINISHED");
    }
  }

  private static byte[] reconciliationOfUnknownTasks(String frameworkId, int tasks) {
    return "{\"type\":\"RECONCILE\",\"framework_id\":{\"value\":\"%s\"},\"reconcile\":{\"tasks\":[%s]}}"
        .formatted(
            frameworkId,
            IntStream.range(0, tasks)
                .mapToObj(i -> "{\"task_id\":{\"value\":\"%d\"}}".formatted(i))
                .collect(Collectors.joining(",")))
        .getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void liarChangesNothingOfWhatIsTrue() throws IOException {
    try (TestFramework honest = new TestFramework(master, "honest")) {
      honest.launch(honest.nextOffer(), "true", 1, "sleep 1000");
      assertThat(Tree.textAt(honest.nextUpdate("true"), "state")).isEqualTo("TASK_STARTING");
      Object running = honest.nextUpdate("true");
      String agentId = Tree.textAt(running, "agent_id", "value");
      Object offer = honest.nextOffer();
      String offerId = Tree.textAt(offer, "id", "value");
      try (TestFramework liar = new TestFramework(master, "liar")) {
        // Another's task, offer, and name.
        liar.call(
            "KILL",
            "\"kill\":{\"task_id\":{\"value\":\"true\"},\"agent_id\":{\"value\":\"%s\"}}"
                .formatted(agentId));
        assertThat(Tree.textAt(liar.nextUpdate("true"), "state")).isEqualTo("TASK_GONE");
        liar.launch(offerId, agentId, "stolen", 0.1, "true");
        assertThat(liar.nextUpdate("stolen"))
            .satisfies(status -> {
              assertThat(Tree.textAt(status, "state")).isEqualTo("TASK_DROPPED");
              assertThat(Tree.textAt(status, "message"))
                  .contains("Offer " + offerId + " has invalid framework " + honest.id());
            });
        liar.launch("no such offer", agentId, "made-up", 0.1, "true");
        assertThat(Tree.textAt(liar.nextUpdate("made-up"), "reason"))
            .isEqualTo("REASON_INVALID_OFFERS");
        assertThat(liar.call(honest.id(), "TEARDOWN", ""))
            .satisfies(answer -> {
              assertThat(answer.status()).isEqualTo(400);
              assertThat(answer.body())
                  .contains("didn't match the stream ID currently associated with framework ID");
            });
        liar.call(
            "ACKNOWLEDGE",
            "\"acknowledge\":{\"agent_id\":{\"value\":\"%s\"},\"task_id\":{\"value\":\"true\"},\"uuid\":\"%s\"}"
                .formatted(agentId, Tree.textAt(running, "uuid")));
      }
      assertTaskErrors(honest, offer, agentId);
      assertThat(Tree.listAt(Tree.json(get("/tasks")), "tasks"))
          .filteredOn(task -> Tree.textAt(task, "framework_id").equals(honest.id()))
          .singleElement()
          .satisfies(task -> assertThat(Tree.textAt(task, "state")).isEqualTo("TASK_RUNNING"));
      assertThat(Tree.at(Tree.json(get("/metrics/snapshot")), "master/cpus_used")).isEqualTo(1.0);
    }
  }

  /** The framework's own mistakes: each is told, and the offer comes back whole. */
  private static void assertTaskErrors(TestFramework framework, Object first, String agentId)
      throws IOException {
    record Wrong(String taskId, double cpus, String agentId, String message) {}
    Object offer = first;
    for (Wrong wrong :
        List.of(
            new Wrong("true", 0.1, agentId, "Task has duplicate ID: true"),
            new Wrong("greedy", 3.001, agentId, "is more than available"),
            new Wrong("bare", -1, agentId, "Task uses invalid resources"),
            new Wrong("lost", 0.1, "elsewhere", "Task uses invalid agent elsewhere"),
            new Wrong("a/b", 0.1, agentId, "a/b"))) {
      framework.launch(
          Tree.textAt(offer, "id", "value"), wrong.agentId(), wrong.taskId(), wrong.cpus(), "true");
      Object status = framework.nextUpdate(wrong.taskId());
      assertThat(Tree.textAt(status, "state")).as(wrong.message()).isEqualTo("TASK_ERROR");
      assertThat(Tree.textAt(status, "message")).contains(wrong.message());
      offer = framework.nextOffer();
      assertThat(Tree.listAt(offer, "resources"))
          .filteredOn(resource -> Tree.textAt(resource, "name").equals("cpus"))
          .singleElement()
          .satisfies(cpus -> assertThat(Tree.at(cpus, "scalar", "value")).isEqualTo(3.0));
    }
  }
}
