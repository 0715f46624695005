package io.perigee.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Plays an executor: the process that the agent starts for it only waits for its end. Speaks JSON,
 * and is used by one thread.
 */
final class TestExecutor implements AutoCloseable {
  /** Ends by itself when its sandbox has a file named {@code end}. */
  static final String COMMAND = "while [ ! -e end ]; do sleep 0.05; done";

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final InetSocketAddress agent;
  private final String frameworkId;
  private final String executorId;
  private @Nullable LiveStream stream;

  /** Waits until the agent has started it. */
  TestExecutor(InetSocketAddress agent, String frameworkId, String executorId) {
    this.agent = agent;
    this.frameworkId = frameworkId;
    this.executorId = executorId;
    new AgentView(agent).sandbox(frameworkId, executorId);
  }

  /** Opens its stream, of which so many bytes fit into the receive buffer; 0 for the usual. */
  RawHttp connect(int receiveBufferBytes) throws IOException {
    RawHttp http = new RawHttp(agent, receiveBufferBytes);
    send(http, frameworkId, executorId, "SUBSCRIBE", "\"subscribe\":{}");
    assertThat(http.readHead().status()).isEqualTo(200);
    return http;
  }

  void subscribe() throws IOException {
    stream = new LiveStream(executorId, "", Tree::json, connect(0));
    await("SUBSCRIBED");
  }

  /** Waits for an event of that type. */
  void await(String type) {
    assertThat(
            stream.await(
                PATIENCE,
                events -> events.stream().anyMatch(e -> Tree.textAt(e, "type").equals(type))))
        .as("%s in %s", type, stream.events())
        .isTrue();
  }

  RawHttp.Answer call(String type, String payload) throws IOException {
    return call(frameworkId, executorId, type, payload);
  }

  /** Calls as somebody else. */
  RawHttp.Answer call(String asFramework, String asExecutor, String type, String payload)
      throws IOException {
    try (RawHttp http = new RawHttp(agent)) {
      send(http, asFramework, asExecutor, type, payload);
      return http.readAnswer();
    }
  }

  private static void send(
      RawHttp http, String frameworkId, String executorId, String type, String payload)
      throws IOException {
    byte[] body =
        "{\"type\":\"%s\",\"framework_id\":{\"value\":\"%s\"},\"executor_id\":{\"value\":\"%s\"},%s}"
            .formatted(type, frameworkId, executorId, payload)
            .getBytes(StandardCharsets.UTF_8);
    http.send(
        "POST /api/v1/executor HTTP/1.1\nHost: agent\nContent-Type: application/json\n"
            + "Accept: application/json\nContent-Length: "
            + body.length
            + "\n\n",
        body);
  }

  /** Tells the state of a task, with a UUID of its own. */
  RawHttp.Answer update(String taskId, String state) throws IOException {
    UUID uuid = UUID.randomUUID();
    String bytes =
        Base64.getEncoder()
            .encodeToString(
                ByteBuffer.allocate(16)
                    .putLong(uuid.getMostSignificantBits())
                    .putLong(uuid.getLeastSignificantBits())
                    .array());
    return call(
        "UPDATE",
        ("\"update\":{\"status\":{\"task_id\":{\"value\":\"%s\"},\"state\":\"%s\","
                + "\"source\":\"SOURCE_EXECUTOR\",\"uuid\":\"%s\"}}")
            .formatted(taskId, state, bytes));
  }

  /** Lets its process exit. */
  void exit() throws IOException {
    Files.createFile(Path.of(new AgentView(agent).sandbox(frameworkId, executorId), "end"));
  }

  @Override
  public void close() throws IOException {
    if (stream != null) {
      stream.close();
    }
  }
}
