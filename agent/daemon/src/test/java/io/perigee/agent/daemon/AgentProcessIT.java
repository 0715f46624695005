package io.perigee.agent.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.perigee.common.Problems;
import io.perigee.link.RunTasks;
import io.perigee.link.ToAgent;
import io.perigee.link.ToMaster;
import io.perigee.mesos.v1.AgentID;
import io.perigee.mesos.v1.CommandInfo;
import io.perigee.mesos.v1.FrameworkID;
import io.perigee.mesos.v1.FrameworkInfo;
import io.perigee.mesos.v1.Resource;
import io.perigee.mesos.v1.TaskID;
import io.perigee.mesos.v1.TaskInfo;
import io.perigee.mesos.v1.TaskState;
import io.perigee.mesos.v1.Value;
import io.perigee.net.Counters;
import io.perigee.net.EventLoops;
import io.perigee.net.tls.Tls;
import io.perigee.net.tls.TlsFiles;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole agent against the master's end of the link. */
@Timeout(120)
class AgentProcessIT {
  @TempDir Path folder;
  private final Problems problems = new Problems();
  private final EventLoops loops = new EventLoops("test-agent", 1);
  private final List<AgentProcess> agents = new ArrayList<>();
  private final List<Throwable> fatal = new CopyOnWriteArrayList<>();

  @AfterEach
  void stop() {
    agents.forEach(AgentProcess::close);
    loops.close();
    assertThat(fatal).isEmpty();
    assertNothingRuns();
  }

  private static void assertNothingRuns() {
    Awaitility.await()
        .untilAsserted(() -> {
          Set<String> threads =
              Thread.getAllStackTraces().keySet().stream()
                  .map(Thread::getName)
                  .collect(Collectors.toSet());
          assertThat(threads).noneMatch(n -> n.startsWith("agent-") || n.startsWith("containers"));
          assertThat(ProcessHandle.current().descendants()).isEmpty();
        });
  }

  private AgentProcess start(int masterPort, String... flags) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "--master=127.0.0.1:" + masterPort,
                "--ip=127.0.0.1",
                "--port=0",
                "--work_dir=" + folder.resolve("work"),
                "--cgroups_root=perigee-test-agent",
                "--registration_backoff_factor=20ms",
                "--resources=cpus:2;mem:256;disk:100"));
    all.addAll(List.of(flags));
    AgentProcess agent =
        AgentProcess.start(
            AgentOptions.TABLE.read(all, Map.of(), problems), loops, problems, fatal::add);
    if (agent != null) {
      agents.add(agent);
    }
    return agent;
  }

  private static String get(URI uri) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> response =
          client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
      return response.statusCode() + " " + response.body();
    }
  }

  private static ToAgent.Builder run(String task, String command) {
    FrameworkInfo framework =
        FrameworkInfo.newBuilder()
            .setId(FrameworkID.newBuilder().setValue("F"))
            .setUser(System.getProperty("user.name"))
            .setName("test")
            .build();
    TaskInfo.Builder info =
        TaskInfo.newBuilder()
            .setName(task)
            .setTaskId(TaskID.newBuilder().setValue(task))
            .setAgentId(AgentID.newBuilder().setValue("A"))
            .setCommand(CommandInfo.newBuilder().setValue(command))
            .addResources(scalar("cpus", 0.1))
            .addResources(scalar("mem", 32));
    return ToAgent.newBuilder()
        .setRunTasks(RunTasks.newBuilder().setFrameworkInfo(framework).addTasks(info));
  }

  private static Resource.Builder scalar(String name, double value) {
    return Resource.newBuilder()
        .setName(name)
        .setType(Value.Type.SCALAR)
        .setAllocationInfo(Resource.AllocationInfo.newBuilder().setRole("*"))
        .setScalar(Value.Scalar.newBuilder().setValue(value));
  }

  private static boolean isUpdate(ToMaster message, TaskState state) {
    return message.hasStatusUpdate() && message.getStatusUpdate().getStatus().getState() == state;
  }

  @Test
  void tasksRunAndAreShownAndEndWithTheAgent() throws Exception {
    try (FakeMaster master = new FakeMaster(0, null)) {
      AgentProcess agent = start(master.port());
      assertThat(problems.texts()).isEmpty();
      Awaitility.await().until(agent::isRegistered);
      master.say(run("t1", "echo hello; sleep 603"));
      master.await(m -> isUpdate(m, TaskState.TASK_RUNNING));

      Path latest = Path.of("/frameworks/F/executors/t1/runs/latest/stdout");
      Awaitility.await()
          .untilAsserted(() ->
              assertThat(get(agent.uri().resolve("/files/read?offset=0&path=" + latest)))
                  .isEqualTo("200 {\"data\":\"hello\\n\",\"offset\":0}"));
      assertThat(get(agent.uri().resolve("/slave(1)/state")))
          .startsWith("200 ")
          .contains("\"id\":\"A\"", "\"TASK_RUNNING\"", "/executors/t1/runs/");
      assertThat(
              get(agent.uri().resolve("/files/read?offset=0&path=" + folder.resolve("work/meta"))))
          .startsWith("404");
      assertThat(get(agent.uri().resolve("/metrics/snapshot")))
          .contains("\"slave/registered\":1.0");

      agent.close();
      assertThat(master.await(ToMaster::hasUnregister)).isNotNull();
      assertThat(
              ProcessHandle.allProcesses()
                  .filter(p -> p.info().commandLine().orElse("").contains("sleep 603")))
          .isEmpty();
      assertThat(cgroupsLeft()).isEmpty();
    }
  }

  private static List<Path> cgroupsLeft() throws Exception {
    try (var all = Files.find(Path.of("/sys/fs/cgroup"), 6, (p, a) -> a.isDirectory())) {
      return all.filter(
              p -> String.valueOf(p.getParent().getFileName()).equals("perigee-test-agent"))
          .toList();
    }
  }

  @Test
  void allProblemsAreToldAtOnce() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "");
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      AgentProcess agent =
          start(
              1,
              "--port=" + taken.getLocalPort(),
              "--work_dir=" + file,
              "--hostname=two words",
              "--tls_key_file=" + file);

      assertThat(agent).isNull();
      assertThat(problems.texts())
          .hasSizeGreaterThanOrEqualTo(4)
          .anySatisfy(p -> assertThat(p).startsWith("--port: cannot listen on 127.0.0.1:"))
          .anySatisfy(p -> assertThat(p).startsWith("--work_dir: " + file))
          .anySatisfy(p -> assertThat(p).startsWith("--hostname: 'two words'"))
          .anySatisfy(p -> assertThat(p).startsWith("--tls_key_file: needs tls_cert_file"));
    }
  }

  @Test
  void aMasterThatTalksRubbishOrGoesIsComeBackTo() throws Exception {
    int port;
    AgentProcess agent;
    try (FakeMaster first = new FakeMaster(0, null)) {
      port = first.port();
      agent = start(port);
      Awaitility.await().until(agent::isRegistered);
      assertThat(first.registrations.getFirst().getAgentInfo().hasId()).isFalse();

      first.links.getLast().send(new byte[] {1, 2, 3});
      Awaitility.await().until(() -> first.registrations.size() == 2);
      assertThat(first.registrations.getLast().getAgentInfo().getId().getValue()).isEqualTo("A");
      first.links.getLast().send(ByteString.EMPTY.toByteArray()); // A message that says nothing.
      assertThat(get(agent.uri().resolve("/health"))).isEqualTo("200 ");
    }
    assertThat(get(agent.uri().resolve("/metrics/snapshot"))).startsWith("200");
    try (FakeMaster second = new FakeMaster(port, null)) {
      Awaitility.await().until(() -> !second.registrations.isEmpty());
      assertThat(second.registrations.getFirst().getProcessId())
          .as("the same process")
          .isNotEmpty();
      agent.close();
    }
  }

  @Test
  void anAgentWithoutMasterServesAndStops() throws Exception {
    int nobody;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = free.getLocalPort();
    }
    AgentProcess agent = start(nobody);
    assertThat(get(agent.uri().resolve("/state"))).startsWith("200 ");
    assertThat(agent.isRegistered()).isFalse();

    long begun = System.nanoTime();
    agent.close();
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void aMasterWithTlsIsReached() throws Exception {
    TlsFiles files = SelfSigned.make(folder);
    try (Tls tls = Tls.server(files, true, Duration.ofMinutes(1), new Counters());
        FakeMaster master = new FakeMaster(0, tls)) {
      AgentProcess agent =
          start(
              master.port(),
              "--tls_cert_file=" + files.certificates(),
              "--tls_key_file=" + files.key(),
              "--tls_ca_file=" + files.authorities());
      assertThat(problems.texts()).isEmpty();

      Awaitility.await().until(agent::isRegistered);
      assertThat(agent.uri().getScheme()).isEqualTo("https");
      agent.close();
    }
  }
}
