package io.perigee.agent.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.perigee.agent.core.AgentSnapshot;
import io.perigee.agent.core.AgentSnapshot.ExecutorKind;
import io.perigee.agent.core.AgentSnapshot.ExecutorState;
import io.perigee.common.Checked;
import io.perigee.mesos.v1.AgentInfo;
import io.perigee.mesos.v1.ExecutorInfo;
import io.perigee.mesos.v1.Resource;
import io.perigee.mesos.v1.Task;
import io.perigee.mesos.v1.TaskInfo;
import io.perigee.mesos.v1.agent.Response;
import io.perigee.model.ResourceWire;
import io.perigee.model.Resources;
import io.perigee.protocol.Decoded;
import io.perigee.protocol.json.MesosJson;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The agent of which a Mesos 1.11.0 was recorded: a default executor with the task ops-g, and the
 * command task ops-long. In the files its ids are shorter, two times are rounded, and executors and
 * tasks come in one order, which Mesos leaves to chance.
 */
final class RecordedAgent {
  static final String POD = "fab2c1a3-f6c5-425d-8726-35cc299abdb8";
  static final String POD_TASK = "33255fb9-17a0-461e-9cc0-db703de833bf";
  static final String COMMAND = "b593c53a-d465-4eb2-b755-99143696bfb9";

  private RecordedAgent() {}

  /** A recorded body, without the line feed at its end. */
  static String body(String name) {
    try (InputStream in = RecordedAgent.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), UTF_8).strip();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static Response response(String name) {
    return switch (MesosJson.V1.read(body(name).getBytes(UTF_8), Response.getDefaultInstance())) {
      case Decoded.Parsed<Response>(Response response) -> response;
      case Decoded<Response> broken -> throw new AssertionError(broken.toString());
    };
  }

  static Resources resources(List<Resource> messages) {
    return switch (ResourceWire.read(messages)) {
      case Checked.Valid<Resources>(Resources valid) -> valid;
      case Checked.Invalid<Resources>(String problem) -> throw new AssertionError(problem);
    };
  }

  static AgentSnapshot snapshot() {
    return snapshot(List.of());
  }

  /** The same with tasks that wait in the default executor. */
  static AgentSnapshot snapshot(List<TaskInfo> queued) {
    Response.GetState state = response("get_state.json").getGetState();
    List<AgentSnapshot.Executor> executors = new ArrayList<>();
    for (var executor : state.getGetExecutors().getExecutorsList()) {
      executors.add(
          executor(executor.getExecutorInfo(), state.getGetTasks().getLaunchedTasksList(), queued));
    }
    return new AgentSnapshot(
        1_795_439_948_500_000_000L,
        AgentInfo.newBuilder().setHostname("127.0.0.1").build(),
        Resources.EMPTY,
        true,
        List.of(
            new AgentSnapshot.Framework(
                state.getGetFrameworks().getFrameworks(0).getFrameworkInfo(),
                executors,
                List.of())),
        List.of(),
        Map.of());
  }

  private static AgentSnapshot.Executor executor(
      ExecutorInfo info, List<Task> allTasks, List<TaskInfo> queued) {
    boolean isPod = info.hasType();
    String id = info.getExecutorId().getValue();
    String container = isPod ? POD : COMMAND;
    String directory = "/w/slaves/M-S0/frameworks/M-0000/executors/" + id + "/runs/" + container;
    List<Task> tasks = allTasks.stream().filter(t -> t.hasExecutorId() == isPod).toList();
    Resources used = resources(info.getResourcesList());
    for (Task task : tasks) {
      used = used.plus(resources(task.getResourcesList()));
    }
    return new AgentSnapshot.Executor(
        isPod ? ExecutorKind.DEFAULT : ExecutorKind.COMMAND,
        ExecutorState.RUNNING,
        info,
        container,
        isPod ? 32497 : 32496,
        directory,
        used,
        isPod ? queued : List.of(),
        tasks,
        List.of(),
        List.of(),
        isPod
            ? List.of(
                new AgentSnapshot.TaskContainer(
                    "ops-g", POD_TASK, directory + "/containers/" + POD_TASK, 32518))
            : List.of());
  }
}
