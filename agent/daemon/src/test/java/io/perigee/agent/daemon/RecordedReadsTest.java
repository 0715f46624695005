package io.perigee.agent.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.agent.containers.ContainerStatistics;
import io.perigee.agent.core.AgentSnapshot;
import io.perigee.endpoints.JsonAnswers;
import io.perigee.mesos.v1.AgentID;
import io.perigee.mesos.v1.CommandInfo;
import io.perigee.mesos.v1.ResourceStatistics;
import io.perigee.mesos.v1.Task;
import io.perigee.mesos.v1.TaskID;
import io.perigee.mesos.v1.TaskInfo;
import io.perigee.mesos.v1.TaskState;
import io.perigee.mesos.v1.agent.Response;
import io.perigee.protocol.json.MesosJson;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers about a recorded agent, field by field as Mesos gave them. */
class RecordedReadsTest {
  private static final Map<String, ContainerStatistics> USAGE =
      Map.of(
          RecordedAgent.POD_TASK, new ContainerStatistics(50_000_000, 20_000_000, 3000, 2000, 1),
          RecordedAgent.COMMAND, new ContainerStatistics(70_000_000, 20_000_000, 5000, 4000, 2));

  private final AgentSnapshot snapshot = RecordedAgent.snapshot();
  private final ContainerReads containers =
      new ContainerReads(id -> Optional.ofNullable(USAGE.get(id)));

  private static TaskInfo waiting() {
    return TaskInfo.newBuilder()
        .setName("later")
        .setTaskId(TaskID.newBuilder().setValue("q"))
        .setAgentId(AgentID.newBuilder().setValue("M-S0"))
        .setCommand(CommandInfo.newBuilder().setValue("true").addArguments("x"))
        .build();
  }

  private static String json(JsonAnswers.Body body) {
    return new String(JsonAnswers.bytes(body), UTF_8);
  }

  private static String frameworks(AgentSnapshot snapshot) {
    return json(out -> {
      out.writeStartObject();
      FrameworkJson.write("frameworks", snapshot.frameworks(), out);
      FrameworkJson.write("completed_frameworks", snapshot.completedFrameworks(), out);
      out.writeEndObject();
    });
  }

  @Test
  void theWholeStateIsTheSameToTheByte() {
    Response state =
        Response.newBuilder()
            .setType(Response.Type.GET_STATE)
            .setGetState(AgentMessages.state(snapshot))
            .build();
    assertThat(new String(MesosJson.V1.write(state), UTF_8))
        .isEqualTo(RecordedAgent.body("get_state.json"));
  }

  @Test
  void frameworksOfTheOldStateAreTheSameToTheByte() {
    assertThat(frameworks(snapshot)).isEqualTo(RecordedAgent.body("state_frameworks.json"));
  }

  @Test
  void tasksThatWaitAreShownAsStaging() {
    AgentSnapshot waits = RecordedAgent.snapshot(List.of(waiting()));
    List<Task> queued = AgentMessages.tasks(waits).getQueuedTasksList();
    assertThat(queued).hasSize(1);
    assertThat(queued.getFirst().getTaskId().getValue()).isEqualTo("q");
    assertThat(queued.getFirst().getState()).isEqualTo(TaskState.TASK_STAGING);
    assertThat(queued.getFirst().getExecutorId().getValue()).isEqualTo("ops-ex");
    assertThat(queued.getFirst().getFrameworkId().getValue()).isEqualTo("M-0000");
    assertThat(frameworks(waits))
        .contains(
            "\"queued_tasks\":[{\"id\":\"q\",\"name\":\"later\",\"slave_id\":\"M-S0\","
                + "\"resources\":{\"disk\":0.0,\"mem\":0.0,\"gpus\":0.0,\"cpus\":0.0},"
                + "\"role\":\"*\",\"data\":\"\",\"command\":{\"shell\":true,\"value\":\"true\","
                + "\"argv\":[\"x\"],\"uris\":[]}}]");
  }

  @Test
  void containersAreThoseRecorded() {
    Response.GetContainers.Builder recorded =
        RecordedAgent.response("get_containers_nested.json").getGetContainers().toBuilder();
    List<Response.GetContainers.Container> without =
        recorded.getContainersList().stream()
            .map(c -> c.toBuilder().clearResourceStatistics().build())
            .toList();
    ContainerReads noUsage = new ContainerReads(id -> Optional.empty());
    assertThat(noUsage.of(snapshot, true))
        .extracting(ContainerReads.Entry::container)
        .isEqualTo(without);
    assertThat(noUsage.of(snapshot, false)).hasSize(2);
  }

  @Test
  void theLimitsAreThoseRecordedAndTheUseIsThatOfTheKernel() {
    List<ContainerReads.Entry> entries = containers.of(snapshot, true);
    List<ResourceStatistics> recorded =
        RecordedAgent.response("get_containers_nested.json")
            .getGetContainers()
            .getContainersList()
            .stream()
            .map(Response.GetContainers.Container::getResourceStatistics)
            .toList();
    for (int i = 0; i < recorded.size(); i++) {
      ResourceStatistics ours = entries.get(i).container().getResourceStatistics();
      assertThat(ours.getCpusSoftLimit()).isEqualTo(recorded.get(i).getCpusSoftLimit());
      assertThat(ours.getMemLimitBytes()).isEqualTo(recorded.get(i).getMemLimitBytes());
      assertThat(ours.getMemSoftLimitBytes()).isEqualTo(recorded.get(i).getMemSoftLimitBytes());
    }
    // The default executor has no container of its own: it uses what its tasks use.
    assertThat(entries.getFirst().container().getResourceStatistics().getCpusUserTimeSecs())
        .isEqualTo(0.05);
    assertThat(json(out -> entries.get(1).write(true, out)))
        .isEqualTo(
            "{\"container_id\":\""
                + RecordedAgent.COMMAND
                + "\",\"executor_id\":\"ops-long\",\"executor_name\":\"Command Executor (Task:"
                + " ops-long) (Command: sh -c 'echo started...')\",\"framework_id\":\"M-0000\","
                + "\"source\":\"ops-long\",\"statistics\":{\"timestamp\":1795439948.5,"
                + "\"processes\":2,\"cpus_user_time_secs\":0.07,\"cpus_system_time_secs\":0.02,"
                + "\"cpus_limit\":0.2,\"cpus_soft_limit\":0.2,\"mem_total_bytes\":5000,"
                + "\"mem_limit_bytes\":67108864,\"mem_soft_limit_bytes\":67108864,"
                + "\"mem_rss_bytes\":4000},\"status\":{\"container_id\":{\"value\":\""
                + RecordedAgent.COMMAND
                + "\"},\"executor_pid\":32496}}");
    assertThat(json(out -> entries.get(1).write(false, out)))
        .startsWith("{\"executor_id\":\"ops-long\"")
        .doesNotContain("container_id", "status\"");
  }

  @ParameterizedTest
  @CsvSource({",,,2", "ID,,,1", "no,,,0", ",M-0000,,2", ",no,,0", ",,ops-ex,1", "ID,,ops-ex,0"})
  void containersAreChosenByIds(String container, String framework, String executor, int count) {
    String id = "ID".equals(container) ? RecordedAgent.COMMAND : container;
    assertThat(containers.of(snapshot, false))
        .filteredOn(e -> ContainerReads.isWanted(e.container(), id, framework, executor))
        .hasSize(count);
  }

  @Test
  void metricsCountWhatIsThere() {
    assertThat(new AgentMetrics(() -> Map.of("gc/x", 1.0)).of(snapshot))
        .containsEntry("gc/x", 1.0)
        .containsEntry("slave/executors_running", 2.0)
        .containsEntry("slave/executors_registering", 0.0)
        .containsEntry("slave/tasks_running", 2.0)
        .containsEntry("slave/tasks_staging", 0.0)
        .containsEntry("slave/cpus_used", 0.4)
        .containsEntry("slave/mem_used", 128.0)
        .containsEntry("slave/cpus_revocable_used", 0.0)
        .containsEntry("slave/cpus_percent", 0.0);
    assertThat(new AgentMetrics(Map::of).of(RecordedAgent.snapshot(List.of(waiting()))))
        .containsEntry("slave/tasks_staging", 1.0);
  }
}
