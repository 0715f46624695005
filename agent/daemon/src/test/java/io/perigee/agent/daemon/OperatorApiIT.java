package io.perigee.agent.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.common.Problems;
import io.perigee.mesos.v1.agent.Call;
import io.perigee.mesos.v1.agent.Response;
import io.perigee.net.EventLoops;
import io.perigee.protocol.wire.WireFormat;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads of a whole agent on which nothing runs. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OperatorApiIT {
  private static final String JSON = "application/json";

  /** What cannot be told by this agent; docs/limitations.md says why. */
  private static final Set<String> NOT_KNOWN =
      Set.of(
          "containerizer/mesos/provisioner/bind/remove_rootfs_errors",
          "containerizer/mesos/provisioner/remove_container_errors",
          "slave/recovery_time_secs");

  private final EventLoops loops = new EventLoops("test-agent", 1);
  private final List<Throwable> fatal = new CopyOnWriteArrayList<>();
  private final HttpClient client = HttpClient.newHttpClient();
  @TempDir private static Path folder;
  private FakeMaster master;
  private AgentProcess agent;

  @BeforeAll
  void start() throws Exception {
    master = new FakeMaster(0, null);
    Problems problems = new Problems();
    List<String> flags =
        List.of(
            "--master=127.0.0.1:" + master.port(),
            "--ip=127.0.0.1",
            "--port=0",
            "--work_dir=" + folder,
            "--cgroups_root=perigee-test-operator",
            "--registration_backoff_factor=20ms",
            "--executor_registration_timeout=2mins",
            "--attributes=rack:a",
            "--resources=cpus:2;mem:256;disk:100");
    agent =
        AgentProcess.start(
            AgentOptions.TABLE.read(flags, Map.of(), problems), loops, problems, fatal::add);
    assertThat(problems.texts()).isEmpty();
    Awaitility.await().until(agent::isRegistered);
  }

  @AfterAll
  void stop() {
    agent.close();
    master.close();
    loops.close();
    client.close();
    assertThat(fatal).isEmpty();
  }

  private HttpResponse<byte[]> post(String path, byte[] body, String... headers) throws Exception {
    return client.send(
        HttpRequest.newBuilder(agent.uri().resolve(path))
            .headers(headers)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  private String call(String json) throws Exception {
    HttpResponse<byte[]> answer = post("/api/v1", json.getBytes(UTF_8), "Content-Type", JSON);
    return answer.statusCode() + " " + new String(answer.body(), UTF_8);
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create(agent.uri() + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** Mesos' answers are in both forms what the other says. */
  @ParameterizedTest
  @EnumSource(
      value = Call.Type.class,
      names = {
        "GET_HEALTH",
        "GET_FLAGS",
        "GET_VERSION",
        "GET_LOGGING_LEVEL",
        "GET_STATE",
        "GET_CONTAINERS",
        "GET_FRAMEWORKS",
        "GET_EXECUTORS",
        "GET_OPERATIONS",
        "GET_TASKS",
        "GET_AGENT",
        "GET_RESOURCE_PROVIDERS"
      })
  void readsAreAnsweredInBothForms(Call.Type type) throws Exception {
    Call call = Call.newBuilder().setType(type).build();
    HttpResponse<byte[]> protobuf =
        post(
            "/slave(1)/api/v1/",
            WireFormat.PROTOBUF.encode(call),
            "Content-Type",
            "application/x-protobuf",
            "Accept",
            "application/x-protobuf");
    HttpResponse<byte[]> json =
        post("/slave%281%29/api/v1", WireFormat.JSON.encode(call), "Content-Type", JSON);

    assertThat(protobuf.headers().firstValue("Content-Type")).hasValue("application/x-protobuf");
    assertThat(json.headers().firstValue("Content-Type")).hasValue(JSON);
    Response response = Response.parseFrom(protobuf.body());
    assertThat(response.getType().name()).isEqualTo(type.name());
    assertThat(new String(json.body(), UTF_8))
        .isEqualTo(new String(WireFormat.JSON.encode(response), UTF_8));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"type":"GET_HEALTH"} | 200 {"type":"GET_HEALTH","get_health":{"healthy":true}}
          {"type":"GET_OPERATIONS"} | 200 {"type":"GET_OPERATIONS","get_operations":{}}
          {"type":"GET_RESOURCE_PROVIDERS"} | 200 {"type":"GET_RESOURCE_PROVIDERS","get_resource_providers":{}}
          {"type":"GET_CONTAINERS"} | 200 {"type":"GET_CONTAINERS","get_containers":{}}
          {"type":"GET_EXECUTORS"} | 200 {"type":"GET_EXECUTORS","get_executors":{"executors":[],"completed_executors":[]}}
          {} | 400 Failed to validate agent::Call: Expecting 'type' to be present
          {"type":"FOO"} | 400 Failed to validate agent::Call: Expecting 'type' to be present
          {"type":"READ_FILE"} | 400 Failed to validate agent::Call: Expecting 'read_file' to be present
          {"type":"GET_METRICS"} | 400 Failed to validate agent::Call: Expecting 'get_metrics' to be present
          {"type":"ADD_RESOURCE_PROVIDER_CONFIG"} | 400 Failed to validate agent::Call: Expecting 'add_resource_provider_config' to be present
          {"type":"KILL_CONTAINER","kill_container":{"container_id":{"value":"zz"}}} | 404 Container 'zz' cannot be found (or is already killed)
          {"type":"WAIT_NESTED_CONTAINER","wait_nested_container":{"container_id":{"parent":{"value":"p"},"value":"zz"}}} | 404 Container p.zz cannot be found
          {"type":"ATTACH_CONTAINER_OUTPUT","attach_container_output":{"container_id":{"value":"zz"}}} | 404 Container zz cannot be found
          {"type":"ATTACH_CONTAINER_INPUT","attach_container_input":{}} | 415 Expecting 'Content-Type' to be application/recordio for ATTACH_CONTAINER_INPUT call
          {"type":"PRUNE_IMAGES","prune_images":{}} | 501 PRUNE_IMAGES is not supported by this agent
          {"type":"LIST_FILES","list_files":{}} | 400 Missing required fields: list_files.path
          """)
  void callsAreAnsweredAsByMesos(String call, String answer) throws Exception {
    assertThat(call(call)).isEqualTo(answer);
  }

  @Test
  void bodiesThatAreNoneAreRefused() throws Exception {
    assertThat(call("{")).startsWith("400 Failed to parse body into JSON: ");
    HttpResponse<byte[]> protobuf =
        post("/api/v1", new byte[] {-1, -1}, "Content-Type", "application/x-protobuf");
    assertThat(new String(protobuf.body(), UTF_8))
        .isEqualTo("Failed to parse body into a protobuf object");
    assertThat(get("/api/v1").statusCode()).isEqualTo(405);
  }

  @Test
  void inputInRecordsIsUnderstoodThoughNotServed() throws Exception {
    String record = "{\"type\":\"ATTACH_CONTAINER_INPUT\",\"attach_container_input\":{}}";
    String[] headers = {
      "Content-Type", "application/recordio", "Message-Content-Type", JSON, "Accept", JSON
    };
    byte[] body = (record.length() + "\n" + record).getBytes(UTF_8);
    assertThat(post("/api/v1", body, headers).statusCode()).isEqualTo(501);
    assertThat(new String(post("/api/v1", new byte[0], headers).body(), UTF_8))
        .isEqualTo("Received EOF while reading request body");
  }

  @Test
  void theAgentTellsOfItself() throws Exception {
    assertThat(call("{\"type\":\"GET_AGENT\"}"))
        .contains("\"id\":{\"value\":\"A\"}", "\"name\":\"rack\"", "\"hostname\":\"127.0.0.1\"");
    assertThat(call("{\"type\":\"GET_FLAGS\"}"))
        .contains(
            "{\"name\":\"executor_registration_timeout\",\"value\":\"2mins\"}",
            "{\"name\":\"isolation_notes\"");
    assertThat(call("{\"type\":\"GET_VERSION\"}")).contains("\"version\":\"1.11.0\"");
  }

  @Test
  void theLogsLevelIsOneForBothInterfaces() throws Exception {
    assertThat(
            call(
                "{\"type\":\"SET_LOGGING_LEVEL\",\"set_logging_level\":{\"level\":1,"
                    + "\"duration\":{\"nanoseconds\":60000000000}}}"))
        .isEqualTo("200 ");
    assertThat(call("{\"type\":\"GET_LOGGING_LEVEL\"}")).endsWith("{\"level\":1}}");
    assertThat(get("/logging/toggle").body()).isEqualTo("1\n");
    assertThat(get("/logging/toggle?level=0&duration=1secs").statusCode()).isEqualTo(200);
    assertThat(call("{\"type\":\"GET_LOGGING_LEVEL\"}")).endsWith("{\"level\":0}}");
  }

  @Test
  void filesOfSandboxesAreRead() throws Exception {
    Path sandbox =
        Files.createDirectories(folder.resolve("slaves/A/frameworks/F/executors/E/runs/R"));
    Files.writeString(sandbox.resolve("stdout"), "started\n");
    assertThat(call("{\"type\":\"LIST_FILES\",\"list_files\":{\"path\":\"" + sandbox + "\"}}"))
        .startsWith("200 {\"type\":\"LIST_FILES\",\"list_files\":{\"file_infos\":[{\"path\":\"")
        .contains("/stdout\",\"nlink\":1,\"size\":8,\"mtime\":{\"nanoseconds\":");
    assertThat(
            call(
                "{\"type\":\"READ_FILE\",\"read_file\":{\"path\":\""
                    + "/frameworks/F/executors/E/runs/R/stdout\",\"offset\":0}}"))
        .isEqualTo(
            "200 {\"type\":\"READ_FILE\",\"read_file\":{\"size\":8,\"data\":\"c3RhcnRlZAo=\"}}");
    assertThat(call("{\"type\":\"LIST_FILES\",\"list_files\":{\"path\":\"/nope\"}}"))
        .startsWith("404 ");
    assertThat(get("/files/debug").body())
        .contains("\"/frameworks\":\"" + folder + "/slaves/A/frameworks\"");
  }

  @Test
  void allMetricsThatCanBeKnownAreThere() throws Exception {
    Set<String> recorded =
        Arrays.stream(RecordedAgent.body("metric_names.txt").split("\n"))
            .collect(Collectors.toCollection(TreeSet::new));
    recorded.removeAll(NOT_KNOWN);
    assertThat(recorded).hasSizeGreaterThan(50);
    Set<String> snapshot =
        Pattern.compile("\"([^\"]+)\":")
            .matcher(get("/metrics/snapshot?timeout=1secs").body())
            .results()
            .map(m -> m.group(1))
            .collect(Collectors.toSet());
    assertThat(snapshot).containsAll(recorded);

    Response response =
        Response.parseFrom(
            post(
                    "/api/v1",
                    "{\"type\":\"GET_METRICS\",\"get_metrics\":{}}".getBytes(UTF_8),
                    "Content-Type",
                    JSON,
                    "Accept",
                    "application/x-protobuf")
                .body());
    assertThat(response.getGetMetrics().getMetricsList())
        .extracting(m -> m.getName())
        .containsExactlyInAnyOrderElementsOf(snapshot)
        .isSorted();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/state",
        "/state/",
        "/slave(1)/state",
        "/slave%281%29/state",
        "/containers",
        "/slave(1)/monitor/statistics",
        "/flags",
        "/slave(1)/flags",
        "/health",
        "/version",
        "/help",
        "/help/slave(1)/state",
        "/system/stats.json",
        "/metrics",
        "/files/debug"
      })
  void oldPathsAreServed(String path) throws Exception {
    HttpResponse<String> answer = get(path);
    assertThat(answer.statusCode()).isEqualTo(200);
    HttpResponse<String> head =
        client.send(
            HttpRequest.newBuilder(URI.create(agent.uri() + path)).HEAD().build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.headers().firstValue("Content-Type"))
        .isEqualTo(answer.headers().firstValue("Content-Type"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/nope", "/slave(1)", "/slave(2)/state", "/redirect"})
  void whatMesosDoesNotServeIsNotFound(String path) throws Exception {
    HttpResponse<String> answer = get(path);
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).isEqualTo("404 Not Found.");
  }

  @Test
  void browsersOfOtherSitesGetScripts() throws Exception {
    for (String path : List.of("/state", "/monitor/statistics", "/files/debug")) {
      HttpResponse<String> answer = get(path + "?jsonp=cb");
      assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/javascript");
      assertThat(answer.body()).startsWith("cb(").endsWith(")");
    }
  }
}
