package io.perigee.agent.core;

import static io.perigee.agent.core.AgentScenario.FRAMEWORK;
import static io.perigee.agent.core.AgentScenario.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.agent.core.AgentSnapshot.ExecutorKind;
import io.perigee.agent.core.AgentSnapshot.ExecutorState;
import io.perigee.link.ShutdownExecutor;
import io.perigee.link.ShutdownFramework;
import io.perigee.link.ToAgent;
import io.perigee.link.ToMaster;
import io.perigee.mesos.v1.ContainerInfo;
import io.perigee.mesos.v1.ExecutorID;
import io.perigee.mesos.v1.ExecutorInfo;
import io.perigee.mesos.v1.TaskInfo;
import io.perigee.mesos.v1.TaskState;
import io.perigee.mesos.v1.TaskStatus;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Task groups that the agent runs by itself, as Mesos' default executor does. */
class TaskGroupTest {
  private final AgentScenario scenario = new AgentScenario();
  private List<String> containers = List.of();

  TaskGroupTest() {
    scenario.connect();
    scenario.told();
  }

  private void launch(TaskInfo.Builder... tasks) {
    ExecutorPeer.runGroup(
        scenario, FRAMEWORK, ExecutorPeer.info("def", ExecutorInfo.Type.DEFAULT), tasks);
    containers =
        scenario.take(AgentCommand.LaunchContainer.class).stream()
            .map(AgentCommand.LaunchContainer::containerId)
            .toList();
  }

  private void start(int index) {
    scenario.happen(new AgentEvent.ContainerStarted(containers.get(index), 100 + index));
  }

  private void exit(int index, int code) {
    scenario.exit(containers.get(index), new ContainerExit.Exited(code));
  }

  private void launchAndStart() {
    launch(task("a", "x"), task("b", "x"));
    start(0);
    start(1);
    scenario.acknowledgeAll();
  }

  private static List<String> told(List<TaskStatus> updates) {
    return updates.stream()
        .map(u -> u.getTaskId().getValue() + " " + u.getState().name().substring(5))
        .toList();
  }

  private AgentSnapshot.Executor executor() {
    return scenario.snapshot().frameworks().getFirst().executors().getFirst();
  }

  @Test
  void groupStartsOnReceiptAndRunsWhenAllOfItDoes() {
    ExecutorPeer.runGroup(
        scenario,
        FRAMEWORK,
        ExecutorPeer.info("def", ExecutorInfo.Type.DEFAULT),
        task("a", "x"),
        task("b", "x"));
    List<AgentCommand.LaunchContainer> launches = scenario.take(AgentCommand.LaunchContainer.class);
    containers = launches.stream().map(AgentCommand.LaunchContainer::containerId).toList();
    AgentSnapshot.Executor shown = executor();
    assertThat(shown.kind()).isEqualTo(ExecutorKind.DEFAULT);
    assertThat(shown.state()).isEqualTo(ExecutorState.RUNNING);
    assertThat(shown.taskContainers()).hasSize(2);
    assertThat(shown.info().getFrameworkId()).isEqualTo(FRAMEWORK.getId());
    AgentCommand.LaunchContainer first = launches.getFirst();
    assertThat(first.sandbox()).isEqualTo(shown.directory() + "/containers/" + first.containerId());
    assertThat(first.latestLink()).isEqualTo(shown.directory() + "/tasks/a");
    assertThat(first.memBytes()).isEqualTo(64L << 20);
    assertThat(first.environment())
        .containsEntry("MESOS_TASK_ID", "a")
        .containsEntry("MESOS_EXECUTOR_ID", "def")
        .containsEntry("MESOS_CONTAINER_IP", "10.0.0.5")
        .containsEntry("MESOS_SANDBOX", first.sandbox());

    List<TaskStatus> starting = scenario.acknowledgeAll();
    assertThat(told(starting)).containsExactly("a STARTING", "b STARTING");
    TaskStatus.Builder expected = starting.getFirst().toBuilder();
    assertThat(expected.getContainerStatus().getContainerId().getValue())
        .isEqualTo(first.containerId());
    assertThat(expected.getContainerStatus().getContainerId().getParent().getValue())
        .isEqualTo(shown.containerId());
    assertThat(expected.getContainerStatus().hasExecutorPid()).isFalse();
    assertThat(expected.getExecutorId().getValue()).isEqualTo("def");
    start(1);
    assertThat(scenario.updates()).isEmpty();
    start(0);
    List<TaskStatus> running = scenario.acknowledgeAll();
    assertThat(told(running)).containsExactly("a RUNNING", "b RUNNING");
    assertThat(running.getFirst().getContainerStatus().getExecutorPid()).isEqualTo(100);
    exit(0, 0);
    TaskStatus finished = scenario.acknowledgeAll().getLast();
    assertThat(finished.getMessage()).isEqualTo("Command exited with status 0");
    assertThat(finished.getContainerStatus().getNetworkInfosCount()).isZero();
  }

  @Test
  void executorEndsASecondAfterItsLastTask() {
    launchAndStart();
    exit(0, 0);
    assertThat(told(scenario.acknowledgeAll())).containsExactly("a FINISHED");
    scenario.pass(Duration.ofSeconds(5));
    assertThat(executor().launchedTasks()).hasSize(1);
    exit(1, 0);
    scenario.acknowledgeAll();
    scenario.pass(Duration.ofMillis(900));
    assertThat(scenario.told()).isEmpty();
    scenario.pass(Duration.ofMillis(200));
    ToMaster told = scenario.told().getLast();
    assertThat(told.getExecutorExited().getExecutorId().getValue()).isEqualTo("def");
    assertThat(told.getExecutorExited().getStatus()).isZero();
    assertThat(scenario.snapshot().frameworks()).isEmpty();
  }

  @Test
  void anotherGroupInTimeKeepsTheExecutorAlive() {
    launchAndStart();
    exit(0, 0);
    exit(1, 0);
    scenario.acknowledgeAll();
    scenario.pass(Duration.ofMillis(500));
    launch(task("c", "x"));
    scenario.acknowledgeAll();
    scenario.pass(Duration.ofSeconds(5));
    assertThat(scenario.told()).noneMatch(ToMaster::hasExecutorExited);
    assertThat(executor().launchedTasks()).hasSize(1);
  }

  @Test
  void failedTaskTakesItsGroupWithItAndNoOther() {
    launch(task("other", "x"));
    start(0);
    launchAndStart();
    scenario.acknowledgeAll();
    exit(0, 1);
    assertThat(told(scenario.acknowledgeAll())).containsExactly("a FAILED");
    assertThat(scenario.take(AgentCommand.TerminateContainer.class))
        .containsExactly(new AgentCommand.TerminateContainer(containers.get(1)));
    scenario.pass(Duration.ofSeconds(4));
    assertThat(scenario.take(AgentCommand.KillContainer.class)).hasSize(1);
    exit(1, 0);
    assertThat(told(scenario.acknowledgeAll())).containsExactly("b KILLED");
    assertThat(executor().launchedTasks())
        .singleElement()
        .satisfies(t -> assertThat(t.getName()).isEqualTo("other"));
  }

  @Test
  void killedTaskTakesItsGroupWithIt() {
    launchAndStart();
    scenario.kill("a", Duration.ofSeconds(1));
    assertThat(scenario.take(AgentCommand.TerminateContainer.class)).hasSize(1);
    exit(0, 0);
    assertThat(scenario.take(AgentCommand.TerminateContainer.class)).hasSize(1);
    exit(1, 0);
    assertThat(told(scenario.acknowledgeAll())).containsExactly("a KILLED", "b KILLED");
  }

  @Test
  void taskThatIsQuickerThanItsGroupRanAllTheSame() {
    launch(task("a", "x"), task("b", "x"));
    start(0);
    exit(0, 0);
    start(1);
    assertThat(told(scenario.acknowledgeAll()))
        .containsExactlyInAnyOrder(
            "a STARTING", "b STARTING", "a RUNNING", "b RUNNING", "a FINISHED");
  }

  @Test
  void launchThatFailsEndsTheGroup() {
    launch(task("a", "x"), task("b", "x"));
    scenario.happen(new AgentEvent.ContainerFailed(containers.get(0), "no such user"));
    assertThat(scenario.take(AgentCommand.KillContainer.class)).hasSize(1);
    scenario.happen(new AgentEvent.ContainerFailed(containers.get(1), "killed"));
    List<TaskStatus> updates = scenario.acknowledgeAll();
    assertThat(told(updates))
        .containsExactlyInAnyOrder("a STARTING", "b STARTING", "a FAILED", "b KILLED");
  }

  @Test
  void groupWithATaskThatCannotRunIsNotStarted() {
    TaskInfo.Builder pictured = task("b", "x");
    pictured
        .getContainerBuilder()
        .setType(ContainerInfo.Type.MESOS)
        .getMesosBuilder()
        .getImageBuilder()
        .setType(io.perigee.mesos.v1.Image.Type.DOCKER);
    launch(task("a", "x"), pictured);
    assertThat(containers).isEmpty();
    assertThat(told(scenario.acknowledgeAll())).containsExactlyInAnyOrder("b FAILED", "a KILLED");
    scenario.pass(Duration.ofSeconds(2));
    assertThat(scenario.told().getLast().hasExecutorExited()).isTrue();
  }

  @Test
  void groupWithATaskThatIsThereAlreadyIsLostWhole() {
    launchAndStart();
    launch(task("b", "x"), task("c", "x"));
    assertThat(containers).isEmpty();
    assertThat(told(scenario.acknowledgeAll())).containsExactly("c LOST");
  }

  @Test
  void shutDownExecutorKillsAllItsGroups() {
    launchAndStart();
    scenario.say(
        ToAgent.newBuilder()
            .setShutdownExecutor(
                ShutdownExecutor.newBuilder()
                    .setFrameworkId(FRAMEWORK.getId())
                    .setExecutorId(ExecutorID.newBuilder().setValue("def"))));
    assertThat(scenario.take(AgentCommand.TerminateContainer.class)).hasSize(2);
    assertThat(executor().state()).isEqualTo(ExecutorState.TERMINATING);
    exit(0, 0);
    exit(1, 0);
    assertThat(told(scenario.acknowledgeAll())).containsExactly("a KILLED", "b KILLED");
    scenario.pass(Duration.ofSeconds(2));
    assertThat(scenario.told().getLast().hasExecutorExited()).isTrue();
  }

  @Test
  void shutDownFrameworkEndsItsGroupsWithoutAWord() {
    launchAndStart();
    scenario.say(
        ToAgent.newBuilder()
            .setShutdownFramework(
                ShutdownFramework.newBuilder().setFrameworkId(FRAMEWORK.getId())));
    assertThat(scenario.take(AgentCommand.TerminateContainer.class)).hasSize(2);
    assertThat(scenario.snapshot().frameworks()).isEmpty();
    exit(0, 0);
    exit(1, 0);
    scenario.pass(Duration.ofMinutes(1));
    assertThat(scenario.updates()).isEmpty();
  }

  @Test
  void nobodyElseSpeaksForIt() {
    launchAndStart();
    ExecutorPeer impostor = new ExecutorPeer(scenario, "def");
    assertThat(impostor.update("a", TaskState.TASK_FINISHED))
        .satisfies(answer -> {
          assertThat(answer.status()).isEqualTo(400);
          assertThat(answer.text()).isEqualTo("Executor cannot be found");
        });
  }
}
