package io.perigee.master.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.common.Problems;
import io.perigee.mesos.v1.master.Call;
import io.perigee.mesos.v1.master.Event;
import io.perigee.mesos.v1.master.Response;
import io.perigee.net.EventLoops;
import io.perigee.protocol.Decoded;
import io.perigee.protocol.recordio.RecordDecoder;
import io.perigee.protocol.wire.WireFormat;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The operator API of a master, as clients meet it. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OperatorApiIT {
  private static final String JSON = "application/json";

  private final EventLoops loops = new EventLoops("operator-test", 1);
  private MasterProcess master;

  @BeforeAll
  void start() {
    Problems problems = new Problems();
    master =
        MasterProcess.start(
            MasterOptions.TABLE.read(List.of("--ip=127.0.0.1", "--port=0"), Map.of(), problems),
            loops,
            problems,
            failure -> {});
    assertThat(problems.texts()).isEmpty();
  }

  @AfterAll
  void stop() {
    master.close();
    loops.close();
  }

  private HttpRequest.Builder post(String path, String json) {
    return HttpRequest.newBuilder(master.uri().resolve(path))
        .header("Content-Type", JSON)
        .header("Accept", JSON)
        .POST(BodyPublishers.ofString(json.replace('\'', '"')));
  }

  /** Each as recorded. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~', // None: quotes stand in the texts.
      value = {
        "{'type':'FOO'} | 400 | Failed to validate master::Call: Expecting 'type' to be present",
        "{} | 400 | Failed to validate master::Call: Expecting 'type' to be present",
        "{'type':'READ_FILE'} | 400 | Failed to validate master::Call: Expecting 'read_file' to be present",
        "{'type':'GET_METRICS'} | 400 | Failed to validate master::Call: Expecting 'get_metrics' to be present",
        "{'type':'TEARDOWN','teardown':{'framework_id':{'value':'nope'}}} | 400 | No framework found with specified ID",
        "{'type':'GET_HEALTH'} | 200 | {'type':'GET_HEALTH','get_health':{'healthy':true}}",
        "{'type':'GET_LOGGING_LEVEL'} | 200 | {'type':'GET_LOGGING_LEVEL','get_logging_level':{'level':0}}",
        "{'type':'GET_WEIGHTS'} | 200 | {'type':'GET_WEIGHTS'}",
        "{'type':'GET_QUOTA'} | 200 | {'type':'GET_QUOTA','get_quota':{'status':{}}}",
        "{'type':'GET_OPERATIONS'} | 200 | {'type':'GET_OPERATIONS','get_operations':{}}",
        "{'type':'GET_MAINTENANCE_STATUS'} | 200 | {'type':'GET_MAINTENANCE_STATUS','get_maintenance_status':{'status':{}}}",
        "{'type':'GET_MAINTENANCE_SCHEDULE'} | 200 | {'type':'GET_MAINTENANCE_SCHEDULE','get_maintenance_schedule':{'schedule':{}}}",
        "{'type':'GET_AGENTS'} | 200 | {'type':'GET_AGENTS','get_agents':{'agents':[],'recovered_agents':[]}}",
        "{'type':'GET_TASKS'} | 200 | {'type':'GET_TASKS','get_tasks':{'tasks':[],'unreachable_tasks':[],'completed_tasks':[]}}",
        "{'type':'DEACTIVATE_AGENT','deactivate_agent':{'agent_id':{'value':'nope'}}} | 400 | Unknown agent",
        "{'type':'MARK_AGENT_GONE','mark_agent_gone':{'agent_id':{'value':'nope'}}} | 404 | Agent 'nope' not found",
        "{'type':'RESERVE_RESOURCES','reserve_resources':{'agent_id':{'value':'nope'}}} | 400 | No agent found with specified ID",
        "{'type':'START_MAINTENANCE','start_maintenance':{'machines':[{'hostname':'zz','ip':'1.2.3.4'}]}} | 400 | Machine '{\"hostname\":\"zz\",\"ip\":\"1.2.3.4\"}' is not part of a maintenance schedule",
        "{'type':'UPDATE_WEIGHTS','update_weights':{'weight_infos':[{'weight':-2.0,'role':'ops'}]}} | 400 | Failed to validate update weights request JSON for role 'ops': Invalid weight '-2': Weights must be positive",
        "{'type':'UPDATE_WEIGHTS','update_weights':{'weight_infos':[{'weight':2.0,'role':'ops'}]}} | 501 | UPDATE_WEIGHTS is not built into this master yet",
        "{'type':'SET_LOGGING_LEVEL','set_logging_level':{'level':-1,'duration':{'nanoseconds':2000000000}}} | 200 | -",
      })
  void callsAreAnsweredAsRecorded(String call, int status, String body) throws Exception {
    boolean isJson = body.startsWith("{");
    String expected = body.equals("-") ? "" : isJson ? body.replace('\'', '"') : body;
    for (String path : List.of("/api/v1", "/master/api/v1", "/api/v1/nope")) {
      HttpResponse<String> response = Served.send(post(path, call));

      assertThat(response.body()).as(path).isEqualTo(expected);
      assertThat(response.statusCode()).as(path).isEqualTo(status);
    }
  }

  @Test
  void whatIsNoCallIsRefusedBeforeItIsRead() throws Exception {
    HttpRequest.Builder plain = HttpRequest.newBuilder(master.uri().resolve("/api/v1"));
    assertThat(Served.send(plain.copy().GET()))
        .satisfies(r -> assertThat(r.statusCode()).isEqualTo(405))
        .extracting(HttpResponse::body)
        .isEqualTo("405 Method Not Allowed. Expecting one of { 'POST' }, but received 'GET'.");
    assertThat(Served.send(plain.copy().POST(BodyPublishers.ofString("{}"))).body())
        .isEqualTo("Expecting 'Content-Type' to be present");
    assertThat(
            Served.send(
                    plain
                        .copy()
                        .header("Content-Type", "application/x-protobuf")
                        .POST(BodyPublishers.ofString("{}")))
                .body())
        .isEqualTo("Failed to parse body into Call protobuf");
    HttpRequest.Builder unwanted =
        plain
            .copy()
            .header("Content-Type", JSON)
            .header("Accept", "text/html")
            .POST(BodyPublishers.ofString("{\"type\":\"GET_HEALTH\"}"));
    assertThat(Served.send(unwanted))
        .satisfies(r -> assertThat(r.statusCode()).isEqualTo(406))
        .extracting(HttpResponse::body)
        .isEqualTo("Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.MATCH_ALL, names = "GET_.*")
  void everyReadIsAnsweredInBothFormats(Call.Type type) throws Exception {
    Call.Builder call = Call.newBuilder().setType(type);
    if (type == Call.Type.GET_METRICS) {
      call.getGetMetricsBuilder();
    }
    try (HttpClient http = HttpClient.newHttpClient()) {
      for (WireFormat format : WireFormat.values()) {
        HttpResponse<byte[]> answer =
            http.send(
                HttpRequest.newBuilder(master.uri().resolve("/api/v1"))
                    .header("Content-Type", format.mediaType())
                    .header("Accept", format.mediaType())
                    .POST(BodyPublishers.ofByteArray(format.encode(call.build())))
                    .build(),
                HttpResponse.BodyHandlers.ofByteArray());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue(format.mediaType());
        Response response =
            ((Decoded.Parsed<Response>) format.decode(answer.body(), Response.getDefaultInstance()))
                .message();
        assertThat(response.getType().name()).isEqualTo(type.name());
        assertThat(response.getAllFields()).hasSize(type == Call.Type.GET_WEIGHTS ? 1 : 2);
      }
    }
  }

  @Test
  void metricsAreThoseOfTheOldEndpoint() throws Exception {
    String old =
        Served.send(HttpRequest.newBuilder(master.uri().resolve("/metrics/snapshot"))).body();
    String answer = Served.send(post("/api/v1", "{'type':'GET_METRICS','get_metrics':{}}")).body();
    Response response = Recorded.parse(answer, Response.getDefaultInstance());

    assertThat(response.getGetMetrics().getMetricsList())
        .hasSizeGreaterThan(20)
        .allSatisfy(metric -> assertThat(old).contains("\"" + metric.getName() + "\":"))
        .anySatisfy(metric ->
            assertThat(metric.getName()).isEqualTo("master/operator_event_stream_subscribers"));
  }

  /**
   * Frameworks come and go while operators subscribe. Safety: each framework that lives at the end
   * was told to each operator once, in its state or as an event, and each that ended as ended.
   */
  @Test
  void aSubscriberSeesEachChangeOnce() throws Exception {
    int operators = 8;
    AtomicBoolean isOver = new AtomicBoolean();
    CountDownLatch subscribed = new CountDownLatch(operators);
    try (HttpClient http = HttpClient.newHttpClient();
        ExecutorService threads = Executors.newCachedThreadPool()) {
      List<Future<Integer>> frameworks = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        frameworks.add(threads.submit(() -> comeAndGo(http, isOver)));
      }
      List<Future<Integer>> told = new ArrayList<>();
      for (int i = 0; i < operators; i++) {
        WireFormat format = i % 2 == 0 ? WireFormat.JSON : WireFormat.PROTOBUF;
        told.add(threads.submit(follow(http, format, subscribed)));
        Thread.sleep(20); // Spread over the load.
      }
      subscribed.await();
      int before = master.operatorSubscribers();
      isOver.set(true);
      int ended = 0;
      for (Future<Integer> framework : frameworks) {
        ended += framework.get();
      }
      try (InputStream last = subscribe(http, "the-last")) {
        for (Future<Integer> events : told) {
          assertThat(events.get()).isPositive();
        }
        assertThat(last).isNotNull();
      }
      assertThat(before).isEqualTo(operators);
      assertThat(ended).isGreaterThan(20);
    }
    Awaitility.await().until(() -> master.operatorSubscribers() == 0);
  }

  /** Subscribes and leaves until told otherwise; returns how often. */
  private int comeAndGo(HttpClient http, AtomicBoolean isOver) throws Exception {
    int times = 0;
    while (!isOver.get() || times < 10) {
      subscribe(http, "passing").close();
      times++;
    }
    return times;
  }

  private InputStream subscribe(HttpClient http, String name) throws Exception {
    String body =
        "{'type':'SUBSCRIBE','subscribe':{'framework_info':{'user':'u','name':'%s'}}}"
            .formatted(name);
    return http.send(
            post("/api/v1/scheduler", body).build(), HttpResponse.BodyHandlers.ofInputStream())
        .body();
  }

  /** Follows the events until "the-last" is there; returns how many there were. */
  private Callable<Integer> follow(HttpClient http, WireFormat format, CountDownLatch subscribed) {
    Call call = Call.newBuilder().setType(Call.Type.SUBSCRIBE).build();
    return () -> {
      HttpResponse<InputStream> answer =
          http.send(
              HttpRequest.newBuilder(master.uri().resolve("/api/v1"))
                  .header("Content-Type", format.mediaType())
                  .header("Accept", format.mediaType())
                  .POST(BodyPublishers.ofByteArray(format.encode(call)))
                  .build(),
              HttpResponse.BodyHandlers.ofInputStream());
      assertThat(answer.statusCode()).isEqualTo(200);
      Set<String> living = new TreeSet<>();
      AtomicInteger events = new AtomicInteger();
      AtomicBoolean isLast = new AtomicBoolean();
      RecordDecoder records = new RecordDecoder(1 << 24);
      try (InputStream in = answer.body()) {
        byte[] some = new byte[8192];
        while (!isLast.get()) {
          int count = in.read(some);
          assertThat(count).isPositive();
          records.feed(
              java.util.Arrays.copyOf(some, count),
              record -> {
                Event event =
                    ((Decoded.Parsed<Event>) format.decode(record, Event.getDefaultInstance()))
                        .message();
                if (events.getAndIncrement() == 0) {
                  assertThat(event.getType()).isEqualTo(Event.Type.SUBSCRIBED);
                  subscribed.countDown();
                }
                apply(event, living);
                isLast.compareAndSet(
                    false,
                    event
                        .getFrameworkAdded()
                        .getFramework()
                        .getFrameworkInfo()
                        .getName()
                        .equals("the-last"));
              });
        }
      }
      return events.get();
    };
  }

  private static void apply(Event event, Set<String> living) {
    switch (event.getType()) {
      case SUBSCRIBED ->
          event
              .getSubscribed()
              .getGetState()
              .getGetFrameworks()
              .getFrameworksList()
              .forEach(f -> living.add(f.getFrameworkInfo().getId().getValue()));
      case FRAMEWORK_ADDED ->
          assertThat(
                  living.add(
                      event
                          .getFrameworkAdded()
                          .getFramework()
                          .getFrameworkInfo()
                          .getId()
                          .getValue()))
              .as("%s", event)
              .isTrue();
      case FRAMEWORK_REMOVED ->
          assertThat(
                  living.remove(event.getFrameworkRemoved().getFrameworkInfo().getId().getValue()))
              .as("%s", event)
              .isTrue();
      default -> {}
    }
  }
}
