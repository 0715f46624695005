package io.perigee.agent.daemon;

import static io.perigee.agent.daemon.PlayedExecutor.call;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.perigee.common.Problems;
import io.perigee.link.ExecutorMessage;
import io.perigee.link.KillTask;
import io.perigee.link.RunTasks;
import io.perigee.link.ShutdownExecutor;
import io.perigee.link.ToAgent;
import io.perigee.link.ToMaster;
import io.perigee.mesos.v1.AgentID;
import io.perigee.mesos.v1.CommandInfo;
import io.perigee.mesos.v1.ExecutorID;
import io.perigee.mesos.v1.ExecutorInfo;
import io.perigee.mesos.v1.FrameworkID;
import io.perigee.mesos.v1.FrameworkInfo;
import io.perigee.mesos.v1.Resource;
import io.perigee.mesos.v1.TaskID;
import io.perigee.mesos.v1.TaskInfo;
import io.perigee.mesos.v1.TaskState;
import io.perigee.mesos.v1.TaskStatus;
import io.perigee.mesos.v1.Value;
import io.perigee.mesos.v1.executor.Call;
import io.perigee.mesos.v1.executor.Event;
import io.perigee.net.EventLoops;
import io.perigee.protocol.wire.WireFormat;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Executors of a whole agent; the test plays the custom ones over HTTP. */
@Timeout(120)
class ExecutorApiIT {
  private static final ByteString UUID = ByteString.copyFrom(new byte[16]);

  private static final FrameworkInfo FRAMEWORK =
      FrameworkInfo.newBuilder()
          .setId(FrameworkID.newBuilder().setValue("F"))
          .setUser(System.getProperty("user.name"))
          .setName("test")
          .build();

  @TempDir Path folder;
  private final EventLoops loops = new EventLoops("test-agent", 1);
  private final List<Throwable> fatal = new CopyOnWriteArrayList<>();
  private FakeMaster master;
  private AgentProcess agent;
  private PlayedExecutor executor;

  @BeforeEach
  void start() throws Exception {
    master = new FakeMaster(0, null);
    Problems problems = new Problems();
    List<String> flags =
        List.of(
            "--master=127.0.0.1:" + master.port(),
            "--ip=127.0.0.1",
            "--port=0",
            "--work_dir=" + folder,
            "--cgroups_root=perigee-test-executor",
            "--registration_backoff_factor=20ms",
            "--executor_shutdown_grace_period=1secs",
            "--resources=cpus:2;mem:256;disk:100");
    agent =
        AgentProcess.start(
            AgentOptions.TABLE.read(flags, Map.of(), problems), loops, problems, fatal::add);
    assertThat(problems.texts()).isEmpty();
    Awaitility.await().until(agent::isRegistered);
    executor = new PlayedExecutor(agent.uri(), WireFormat.JSON);
  }

  @AfterEach
  void stop() {
    executor.close();
    agent.close();
    master.close();
    loops.close();
    assertThat(fatal).isEmpty();
  }

  private static Resource.Builder scalar(String name, double value) {
    return Resource.newBuilder()
        .setName(name)
        .setType(Value.Type.SCALAR)
        .setAllocationInfo(Resource.AllocationInfo.newBuilder().setRole("*"))
        .setScalar(Value.Scalar.newBuilder().setValue(value));
  }

  private static TaskInfo.Builder task(String id) {
    ExecutorInfo.Builder executor =
        ExecutorInfo.newBuilder()
            .setType(ExecutorInfo.Type.CUSTOM)
            .setExecutorId(ExecutorID.newBuilder().setValue("E"))
            .setFrameworkId(FrameworkID.newBuilder().setValue("F"))
            .setCommand(CommandInfo.newBuilder().setValue("exec sleep 604"))
            .addResources(scalar("cpus", 0.1))
            .addResources(scalar("mem", 32));
    return TaskInfo.newBuilder()
        .setName(id)
        .setTaskId(TaskID.newBuilder().setValue(id))
        .setAgentId(AgentID.newBuilder().setValue("A"))
        .setExecutor(executor)
        .addResources(scalar("cpus", 0.4))
        .addResources(scalar("mem", 64));
  }

  private void run(String task, boolean isExecutorNew) {
    RunTasks.Builder tasks = RunTasks.newBuilder().setFrameworkInfo(FRAMEWORK).addTasks(task(task));
    if (isExecutorNew) {
      tasks.addNewExecutors(ExecutorID.newBuilder().setValue("E"));
    }
    master.say(ToAgent.newBuilder().setRunTasks(tasks));
  }

  private static Call.Builder update(String task, TaskState state) {
    Call.Builder call = call(Call.Type.UPDATE);
    call.getUpdateBuilder()
        .setStatus(
            TaskStatus.newBuilder()
                .setTaskId(TaskID.newBuilder().setValue(task))
                .setState(state)
                .setSource(TaskStatus.Source.SOURCE_EXECUTOR)
                .setUuid(UUID));
    return call;
  }

  private String get(String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(agent.uri().resolve(path)).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  private void awaitProcess() {
    Awaitility.await()
        .untilAsserted(() -> assertThat(get("/monitor/statistics")).contains("\"E\""));
  }

  @ParameterizedTest
  @EnumSource(WireFormat.class)
  void anExecutorRunsATaskAndIsShutDown(WireFormat format) throws Exception {
    try (PlayedExecutor played = new PlayedExecutor(agent.uri(), format)) {
      run("t1", true);
      awaitProcess();
      assertThat(get("/state")).contains("\"type\":\"CUSTOM\"", "\"queued_tasks\":[{\"id\":\"t1\"");
      assertThat(get("/metrics/snapshot")).contains("\"slave/executors_registering\":1.0");
      Call.Builder early = call(Call.Type.MESSAGE);
      early.getMessageBuilder().setData(ByteString.copyFromUtf8("hi"));
      assertThat(played.send(early)).isEqualTo("403 Executor is not subscribed");

      played.subscribe();
      Event.Subscribed subscribed = played.next(Event.Type.SUBSCRIBED).getSubscribed();
      assertThat(subscribed.getExecutorInfo().getExecutorId().getValue()).isEqualTo("E");
      assertThat(subscribed.getAgentInfo().getId().getValue()).isEqualTo("A");
      assertThat(played.next(Event.Type.LAUNCH).getLaunch().getTask().getName()).isEqualTo("t1");

      assertThat(played.send(update("t1", TaskState.TASK_RUNNING))).isEqualTo("202 ");
      assertThat(played.next(Event.Type.ACKNOWLEDGED).getAcknowledged().getUuid()).isEqualTo(UUID);
      ToMaster told = master.await(ToMaster::hasStatusUpdate);
      assertThat(told.getStatusUpdate().getStatus().getState()).isEqualTo(TaskState.TASK_RUNNING);

      assertThat(played.send(early)).isEqualTo("202 ");
      assertThat(master.await(ToMaster::hasExecutorMessage).getExecutorMessage().getData())
          .isEqualTo(ByteString.copyFromUtf8("hi"));
      master.say(
          ToAgent.newBuilder()
              .setExecutorMessage(
                  ExecutorMessage.newBuilder()
                      .setFrameworkId(FrameworkID.newBuilder().setValue("F"))
                      .setExecutorId(ExecutorID.newBuilder().setValue("E"))
                      .setData(ByteString.copyFromUtf8("back"))));
      assertThat(played.next(Event.Type.MESSAGE).getMessage().getData().toStringUtf8())
          .isEqualTo("back");
      assertThat(played.send(call(Call.Type.HEARTBEAT))).isEqualTo("202 ");

      master.say(
          ToAgent.newBuilder()
              .setKillTask(
                  KillTask.newBuilder()
                      .setFrameworkId(FrameworkID.newBuilder().setValue("F"))
                      .setTaskId(TaskID.newBuilder().setValue("t1"))));
      assertThat(played.next(Event.Type.KILL).getKill().getTaskId().getValue()).isEqualTo("t1");

      master.say(
          ToAgent.newBuilder()
              .setShutdownExecutor(
                  ShutdownExecutor.newBuilder()
                      .setFrameworkId(FrameworkID.newBuilder().setValue("F"))
                      .setExecutorId(ExecutorID.newBuilder().setValue("E"))));
      played.next(Event.Type.SHUTDOWN);
      // It does not obey, and is killed.
      master.await(ToMaster::hasExecutorExited);
      played.awaitEnd();
      Awaitility.await()
          .untilAsserted(() -> assertThat(get("/monitor/statistics")).isEqualTo("[]"));
    }
  }

  @Test
  void aSecondSubscriptionEndsTheFirst() throws Exception {
    run("t1", true);
    awaitProcess();
    executor.subscribe();
    executor.next(Event.Type.SUBSCRIBED);
    executor.next(Event.Type.LAUNCH);
    try (PlayedExecutor again = new PlayedExecutor(agent.uri(), WireFormat.PROTOBUF)) {
      again.subscribe();
      again.next(Event.Type.SUBSCRIBED);
      executor.awaitEnd();
    }
  }

  /** In the words of Mesos' recorded answers. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"framework_id":{"value":"F"},"executor_id":{"value":"E"}} | 400 Failed to validate Executor::Call: Expecting 'type' to be present
          {"type":"MESSAGE","message":{"data":"aGk="}} | 400 Failed to convert JSON into Call protobuf: Missing required fields: executor_id, framework_id
          {"framework_id":{"value":"F"},"executor_id":{"value":"E"},"type":"SUBSCRIBE"} | 400 Failed to validate Executor::Call: Expecting 'subscribe' to be present
          {"framework_id":{"value":"F"},"executor_id":{"value":"E"},"type":"UPDATE"} | 400 Failed to validate Executor::Call: Expecting 'update' to be present
          {"framework_id":{"value":"F"},"executor_id":{"value":"zz"},"type":"SUBSCRIBE","subscribe":{}} | 400 Executor cannot be found
          {"framework_id":{"value":"zz"},"executor_id":{"value":"E"},"type":"SUBSCRIBE","subscribe":{}} | 400 Framework cannot be found
          {"framework_id":{"value":"zz"},"executor_id":{"value":"E"},"type":"HEARTBEAT"} | 400 Framework cannot be found
          """)
  void wrongCallsAreRefusedAsByMesos(String body, String answer) throws Exception {
    run("t1", true);
    awaitProcess();
    assertThat(executor.send(executor.request(body.getBytes(UTF_8)).build())).isEqualTo(answer);
  }

  @Test
  void requestsThatAreNoCallsAreRefused() throws Exception {
    byte[] subscribe =
        "{\"framework_id\":{\"value\":\"F\"},\"executor_id\":{\"value\":\"E\"},\"type\":\"SUBSCRIBE\",\"subscribe\":{}}"
            .getBytes(UTF_8);
    assertThat(executor.send(executor.request(subscribe).setHeader("Accept", "text/html").build()))
        .isEqualTo(
            "406 Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'");
    assertThat(executor.send(executor.request(subscribe).GET().build()))
        .isEqualTo("405 405 Method Not Allowed. Expecting one of { 'POST' }, but received 'GET'.");
    assertThat(executor.send(executor.request("{".getBytes(UTF_8)).build()))
        .startsWith("400 Failed to parse body into JSON: ");
    assertThat(
            executor.send(
                executor.request(subscribe).setHeader("Content-Type", "text/plain").build()))
        .isEqualTo("415 Expecting 'Content-Type' of application/json or application/x-protobuf");
  }

  @Test
  @Tag("root")
  void itsContainerGrowsWithItsTasks() throws Exception {
    run("t1", true);
    awaitProcess();
    executor.subscribe();
    executor.next(Event.Type.SUBSCRIBED);
    executor.next(Event.Type.LAUNCH);
    Path shares = cgroup("cpu").resolve("cpu.shares");
    Path memory = cgroup("memory").resolve("memory.limit_in_bytes");
    assertThat(shares).hasContent("512");
    assertThat(memory).hasContent("" + (96L << 20));

    run("t2", false);
    executor.next(Event.Type.LAUNCH);
    Awaitility.await().untilAsserted(() -> assertThat(shares).hasContent("921"));
    Awaitility.await().untilAsserted(() -> assertThat(memory).hasContent("" + (160L << 20)));
  }

  /** That of the one executor. */
  private Path cgroup(String controller) throws Exception {
    Matcher id = Pattern.compile("\\[\\{\"container_id\":\"([^\"]+)\"").matcher(get("/containers"));
    assertThat(id.find()).isTrue();
    return Path.of("/sys/fs/cgroup", controller, "perigee-test-executor", id.group(1));
  }

  @Test
  void tasksOfAGroupHaveSandboxesInThatOfTheirExecutor() throws Exception {
    ExecutorInfo.Builder pod =
        task("p").getExecutorBuilder().setType(ExecutorInfo.Type.DEFAULT).clearCommand();
    TaskInfo.Builder member =
        task("p")
            .clearExecutor()
            .setCommand(CommandInfo.newBuilder().setValue("echo in a group; sleep 605"));
    master.say(
        ToAgent.newBuilder()
            .setRunTasks(
                RunTasks.newBuilder()
                    .setFrameworkInfo(FRAMEWORK)
                    .setGroupExecutor(pod)
                    .addNewExecutors(pod.getExecutorId())
                    .addTasks(member)));
    master.await(m -> m.getStatusUpdate().getStatus().getState() == TaskState.TASK_RUNNING);

    String nested =
        executor.operator(
            "{\"type\":\"GET_CONTAINERS\",\"get_containers\":{\"show_nested\":true}}");
    assertThat(nested).contains("\"parent\":{\"value\":", "\"executor_id\":{\"value\":\"E\"}");
    assertThat(executor.operator("{\"type\":\"GET_CONTAINERS\"}")).doesNotContain("\"parent\"");
    Matcher directory = Pattern.compile("\"directory\":\"([^\"]+)\"").matcher(get("/state"));
    assertThat(directory.find()).isTrue();
    Path link = Path.of(directory.group(1), "tasks/p");
    Awaitility.await()
        .untilAsserted(() -> assertThat(link.resolve("stdout")).hasContent("in a group"));
    assertThat(link).isSymbolicLink();
    assertThat(link.toRealPath().getParent())
        .isEqualTo(Path.of(directory.group(1), "containers").toRealPath());
    assertThat(get("/files/read?offset=0&path=" + link + "/stdout")).contains("in a group");
  }
}
