package io.perigee.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Readers of streams who stop reading while events flow: each is cut off when its buffer of 8 MiB
 * is full, which is counted with the reason, and others go on.
 */
final class SlowReaderIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int EVENT_BYTES = 1 << 19;

  /** Together more than the server keeps and the system's buffers take. */
  private static final int EVENTS = 48;

  private static final String SLOW_READERS = "http_streams_ended_total{reason=\"slow_reader\"}";

  @TempDir private Path workDir;
  private TestCluster cluster;

  @BeforeEach
  void startCluster() {
    cluster = new TestCluster(workDir);
  }

  @AfterEach
  void endCluster() {
    cluster.close();
  }

  private static long slowReaders(InetSocketAddress daemon) throws IOException {
    try (RawHttp http = new RawHttp(daemon)) {
      http.send("GET /metrics HTTP/1.1\nHost: daemon\n\n", new byte[0]);
      Map<String, String> counts =
          http.readAnswer()
              .body()
              .lines()
              .map(line -> line.split(" ", 2))
              .collect(Collectors.toMap(words -> words[0], words -> words[1]));
      return Long.parseLong(counts.get(SLOW_READERS));
    }
  }

  private void assertThatTasksRun() throws IOException {
    try (TestFramework framework = new TestFramework(cluster.master(), "other")) {
      assertThat(framework.run("t", "true")).endsWith("TASK_FINISHED");
    }
  }

  @Test
  void operatorWhoStopsReadingIsCutOff() throws IOException {
    try (RawHttp slow = operator(4096);
        RawHttp other = operator(0);
        LiveStream events = new LiveStream("other", "", Tree::json, other)) {
      slow.readChunk();
      for (int i = 0; i < EVENTS; i++) {
        comeAndGo("framework-" + i);
      }
      await().atMost(PATIENCE).until(() -> slowReaders(cluster.master()) == 1);
      assertThatTasksRun();
      assertThat(events.await(PATIENCE, all -> all.toString().contains("TASK_FINISHED"))).isTrue();
    }
  }

  private RawHttp operator(int receiveBufferBytes) throws IOException {
    RawHttp http = new RawHttp(cluster.master(), receiveBufferBytes);
    byte[] body = "{\"type\":\"SUBSCRIBE\"}".getBytes(StandardCharsets.UTF_8);
    http.send(
        "POST /api/v1 HTTP/1.1\nHost: master\nContent-Type: application/json\n"
            + "Accept: application/json\nContent-Length: "
            + body.length
            + "\n\n",
        body);
    assertThat(http.readHead().status()).isEqualTo(200);
    return http;
  }

  /** A framework with a label of {@link #EVENT_BYTES}; operators are told all of it. */
  private void comeAndGo(String name) throws IOException {
    byte[] body =
        """
        {"type":"SUBSCRIBE","subscribe":{"framework_info":{"user":"root","name":"%s","roles":["%s"],\
        "capabilities":[{"type":"MULTI_ROLE"}],"labels":{"labels":[{"key":"long","value":"%s"}]}}}}\
        """
            .formatted(name, name, "x".repeat(EVENT_BYTES))
            .getBytes(StandardCharsets.UTF_8);
    try (RawHttp http = new RawHttp(cluster.master())) {
      http.send(TestFramework.head(cluster.master(), body.length, ""), body);
      assertThat(http.readHead().status()).isEqualTo(200);
      http.readChunk();
    }
  }

  @Test
  void executorThatStopsReadingIsCutOff() throws IOException {
    try (TestFramework framework = new TestFramework(cluster.master(), "messages")) {
      Object offer = framework.nextOffer();
      String agentId = Tree.textAt(offer, "agent_id", "value");
      framework.launchWithExecutor(offer, "t", "deaf");
      try (TestExecutor executor = new TestExecutor(cluster.agent(), framework.id(), "deaf");
          RawHttp slow = executor.connect(4096)) {
        slow.readChunk();
        String message =
            """
            "message":{"agent_id":{"value":"%s"},"executor_id":{"value":"deaf"},"data":"%s"}\
            """
                .formatted(agentId, "AAAA".repeat(EVENT_BYTES / 4));
        for (int i = 0; i < EVENTS; i++) {
          assertThat(framework.call("MESSAGE", message).status()).isEqualTo(202);
        }
        await().atMost(PATIENCE).until(() -> slowReaders(cluster.agent()) == 1);
        assertThatTasksRun();
      }
    }
  }
}
