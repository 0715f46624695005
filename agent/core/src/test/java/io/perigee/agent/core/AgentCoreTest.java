package io.perigee.agent.core;

import static io.perigee.agent.core.AgentScenario.FRAMEWORK;
import static io.perigee.agent.core.AgentScenario.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.link.DiscardTask;
import io.perigee.link.MissingTask;
import io.perigee.link.Ping;
import io.perigee.link.Refused;
import io.perigee.link.ShutdownFramework;
import io.perigee.link.ToAgent;
import io.perigee.link.ToMaster;
import io.perigee.mesos.v1.CommandInfo;
import io.perigee.mesos.v1.ContainerInfo;
import io.perigee.mesos.v1.Environment;
import io.perigee.mesos.v1.FrameworkInfo.Capability;
import io.perigee.mesos.v1.TaskID;
import io.perigee.mesos.v1.TaskState;
import io.perigee.mesos.v1.TaskStatus;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Registration, launches, updates, kills, ends. */
class AgentCoreTest {
  private final AgentScenario scenario = new AgentScenario();

  private static List<TaskState> states(List<TaskStatus> updates) {
    return updates.stream().map(TaskStatus::getState).toList();
  }

  @Test
  void connectsAtOnceAndRegistersWithoutAnId() {
    assertThat(scenario.take(AgentCommand.OpenLink.class)).hasSize(1);
    scenario.connect();
    assertThat(scenario.told().getFirst().getRegister().getAgentInfo().hasId()).isFalse();
    assertThat(scenario.snapshot().isRegistered()).isTrue();
  }

  @Test
  void failedConnectionsAreTriedAgainLessAndLessOften() {
    scenario.take(AgentCommand.OpenLink.class);
    int tries = 0;
    for (int i = 0; i < 40; i++) {
      scenario.happen(new AgentEvent.LinkFailed());
      scenario.pass(Duration.ofMinutes(1));
      tries += scenario.take(AgentCommand.OpenLink.class).size();
    }
    assertThat(tries).isEqualTo(40);
  }

  @Test
  void commandTaskRunsToItsEnd() {
    scenario.connect();
    scenario.run(FRAMEWORK, task("t", "echo hi"));
    AgentCommand.LaunchContainer launch =
        scenario.take(AgentCommand.LaunchContainer.class).getLast();
    assertThat(launch.argv()).containsExactly("/bin/sh", "-c", "echo hi");
    assertThat(launch.user()).isEqualTo("alice");
    assertThat(launch.sandbox())
        .startsWith("/w/slaves/m-S0/frameworks/fw/executors/t/runs/")
        .endsWith(launch.containerId());
    assertThat(launch.latestLink()).endsWith("/runs/latest");
    assertThat(launch.cpusThousandths()).isEqualTo(1100);
    assertThat(launch.memBytes()).isEqualTo(96L << 20);
    assertThat(launch.environment())
        .containsEntry("MESOS_TASK_ID", "t")
        .containsEntry("MESOS_EXECUTOR_ID", "t")
        .containsEntry("MESOS_FRAMEWORK_ID", "fw")
        .containsEntry("MESOS_SLAVE_ID", "m-S0")
        .containsEntry("MESOS_SANDBOX", launch.sandbox())
        .containsEntry("MESOS_AGENT_ENDPOINT", "10.0.0.5:5051")
        .containsEntry("MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD", "5secs")
        .containsEntry("MESOS_CHECKPOINT", "0")
        .containsEntry("MESOS_ALLOCATION_ROLE", "dev");
    scenario.happen(new AgentEvent.ContainerStarted(launch.containerId(), 4711));
    scenario.exit(launch.containerId(), new ContainerExit.Exited(0));
    List<TaskStatus> updates = scenario.acknowledgeAll();
    assertThat(states(updates))
        .containsExactly(TaskState.TASK_STARTING, TaskState.TASK_RUNNING, TaskState.TASK_FINISHED);
    assertThat(updates)
        .allSatisfy(u -> {
          assertThat(u.getUuid().size()).isEqualTo(16);
          assertThat(u.getSource()).isEqualTo(TaskStatus.Source.SOURCE_EXECUTOR);
          assertThat(u.getExecutorId().getValue()).isEqualTo("t");
          assertThat(u.getContainerStatus().getExecutorPid()).isEqualTo(4711);
        });
    assertThat(updates.getLast().getMessage()).isEqualTo("Command exited with status 0");
    AgentSnapshot snapshot = scenario.snapshot();
    assertThat(snapshot.frameworks()).isEmpty();
    assertThat(snapshot.completedFrameworks().getLast().completedExecutors())
        .singleElement()
        .satisfies(e ->
            assertThat(e.name())
                .isEqualTo("Command Executor (Task: t) (Command: sh -c 'echo hi')"));
    scenario.start(task("t2", "true"));
    assertThat(scenario.snapshot().frameworks().getLast().completedExecutors()).hasSize(1);
  }

  @Test
  void argumentsIncludeTheZerothAndUserAndEnvironmentComeFromTheCommand() {
    scenario.connect();
    scenario.run(
        FRAMEWORK,
        task("t", "")
            .setCommand(
                CommandInfo.newBuilder()
                    .setShell(false)
                    .setValue("sleep")
                    .addArguments("zero")
                    .addArguments("1")
                    .setUser("bob")
                    .setEnvironment(
                        Environment.newBuilder()
                            .addVariables(
                                Environment.Variable.newBuilder()
                                    .setName("MESOS_CHECKPOINT")
                                    .setValue("mine")))));
    AgentCommand.LaunchContainer launch =
        scenario.take(AgentCommand.LaunchContainer.class).getLast();
    assertThat(launch.executable()).isEqualTo("sleep");
    assertThat(launch.argv()).containsExactly("zero", "1");
    assertThat(launch.user()).isEqualTo("bob");
    assertThat(launch.environment()).containsEntry("MESOS_CHECKPOINT", "mine");
  }

  static Stream<Arguments> ends() {
    return Stream.of(
        Arguments.of(
            new ContainerExit.Exited(3), TaskState.TASK_FAILED, "Command exited with status 3"),
        Arguments.of(
            new ContainerExit.Signaled(9, "Killed", false),
            TaskState.TASK_FAILED,
            "Command terminated with signal Killed"),
        Arguments.of(
            new ContainerExit.Signaled(11, "Segmentation fault", true),
            TaskState.TASK_FAILED,
            "Command terminated with signal Segmentation fault (core dumped)"),
        Arguments.of(
            new ContainerExit.OutOfMemory(), TaskState.TASK_FAILED, "Memory limit exceeded"),
        Arguments.of(
            new ContainerExit.Lost("no record"),
            TaskState.TASK_FAILED,
            "Executor terminated: no record"));
  }

  @ParameterizedTest
  @MethodSource("ends")
  void endsAreToldInMesosWords(ContainerExit exit, TaskState state, String message) {
    scenario.connect();
    scenario.exit(scenario.start(task("t", "x")), exit);
    TaskStatus last = scenario.acknowledgeAll().getLast();
    assertThat(last.getState()).isEqualTo(state);
    assertThat(last.getMessage()).isEqualTo(message);
  }

  @Test
  void failedLaunchIsAFailedTask() {
    scenario.connect();
    scenario.run(FRAMEWORK, task("t", "x"));
    scenario.happen(
        new AgentEvent.ContainerFailed(
            scenario.take(AgentCommand.LaunchContainer.class).getLast().containerId(), "no user"));
    TaskStatus last = scenario.acknowledgeAll().getLast();
    assertThat(last.getMessage()).isEqualTo("Failed to launch container: no user");
    assertThat(last.getReason()).isEqualTo(TaskStatus.Reason.REASON_CONTAINER_LAUNCH_FAILED);
  }

  @Test
  void onlyTheFirstUnacknowledgedUpdateIsSentAndRepeatedWithPatience() {
    scenario.connect();
    scenario.start(task("t", "x"));
    TaskStatus starting = scenario.updates().getLast();
    assertThat(starting.getState()).isEqualTo(TaskState.TASK_STARTING);
    scenario.pass(Duration.ofSeconds(9));
    assertThat(scenario.updates()).isEmpty();
    scenario.pass(Duration.ofSeconds(2));
    assertThat(scenario.updates()).containsExactly(starting);
    scenario.pass(Duration.ofSeconds(18));
    assertThat(scenario.updates()).isEmpty();
    scenario.pass(Duration.ofSeconds(3));
    assertThat(scenario.updates()).containsExactly(starting);
    scenario.acknowledge(starting);
    scenario.acknowledge(starting);
    assertThat(states(scenario.updates())).containsExactly(TaskState.TASK_RUNNING);
  }

  @Test
  void updatesWaitWhileDisconnectedAndGoOutAtOnceAfterwards() {
    scenario.connect();
    String container = scenario.start(task("t", "x"));
    scenario.acknowledgeAll();
    scenario.disconnect();
    scenario.exit(container, new ContainerExit.Exited(0));
    scenario.pass(Duration.ofMinutes(5));
    assertThat(scenario.updates()).isEmpty();
    scenario.connect();
    List<ToMaster> told = scenario.told();
    assertThat(told.getFirst().getRegister().getTasksList())
        .singleElement()
        .satisfies(t -> {
          assertThat(t.getState()).isEqualTo(TaskState.TASK_FINISHED);
          assertThat(t.getStatusUpdateState()).isEqualTo(TaskState.TASK_FINISHED);
        });
    assertThat(told.getFirst().getRegister().getFrameworksList()).containsExactly(FRAMEWORK);
    assertThat(told.getLast().getStatusUpdate().getStatus().getState())
        .isEqualTo(TaskState.TASK_FINISHED);
  }

  @Test
  void killGivesGraceThenKills() {
    scenario.connect();
    String container = scenario.start(task("t", "x"));
    scenario.acknowledgeAll();
    scenario.kill("t", Duration.ofSeconds(10));
    assertThat(scenario.take(AgentCommand.TerminateContainer.class)).hasSize(1);
    scenario.pass(Duration.ofSeconds(5));
    scenario.kill("t", Duration.ofSeconds(20));
    scenario.pass(Duration.ofSeconds(4));
    assertThat(scenario.take(AgentCommand.KillContainer.class)).isEmpty();
    scenario.kill("t", Duration.ofMillis(100));
    scenario.pass(Duration.ofMillis(200));
    assertThat(scenario.take(AgentCommand.TerminateContainer.class)).isEmpty();
    assertThat(scenario.take(AgentCommand.KillContainer.class)).hasSize(1);
    scenario.exit(container, new ContainerExit.Exited(0));
    TaskStatus last = scenario.acknowledgeAll().getLast();
    assertThat(last.getState()).isEqualTo(TaskState.TASK_KILLED);
    assertThat(last.getMessage()).isEqualTo("Command exited with status 0");
  }

  @Test
  void killingStateIsToldToThoseWhoKnowIt() {
    scenario.connect();
    var knowing =
        FRAMEWORK.toBuilder()
            .addCapabilities(Capability.newBuilder().setType(Capability.Type.TASK_KILLING_STATE))
            .build();
    String container = scenario.start(knowing, task("t", "x"));
    scenario.acknowledgeAll();
    scenario.kill("t", Duration.ofSeconds(1));
    scenario.exit(container, new ContainerExit.Signaled(15, "Terminated", false));
    assertThat(states(scenario.acknowledgeAll()))
        .containsExactly(TaskState.TASK_KILLING, TaskState.TASK_KILLED);
  }

  @Test
  void taskKilledBeforeItsStartNeverRuns() {
    scenario.connect();
    scenario.run(FRAMEWORK, task("t", "x"));
    String container = scenario.take(AgentCommand.LaunchContainer.class).getLast().containerId();
    scenario.kill("t", Duration.ofSeconds(10));
    assertThat(scenario.take(AgentCommand.KillContainer.class)).hasSize(1);
    scenario.exit(container, new ContainerExit.Signaled(9, "Killed", false));
    assertThat(scenario.acknowledgeAll())
        .singleElement()
        .satisfies(u -> {
          assertThat(u.getState()).isEqualTo(TaskState.TASK_KILLED);
          assertThat(u.getReason()).isEqualTo(TaskStatus.Reason.REASON_TASK_KILLED_DURING_LAUNCH);
        });
  }

  @Test
  void taskThatRunsTooLongFails() {
    scenario.connect();
    var task = task("t", "x");
    task.getMaxCompletionTimeBuilder().setNanoseconds(Duration.ofSeconds(5).toNanos());
    String container = scenario.start(task);
    scenario.acknowledgeAll();
    scenario.pass(Duration.ofSeconds(6));
    assertThat(scenario.take(AgentCommand.TerminateContainer.class)).hasSize(1);
    scenario.exit(container, new ContainerExit.Signaled(15, "Terminated", false));
    TaskStatus last = scenario.acknowledgeAll().getLast();
    assertThat(last.getState()).isEqualTo(TaskState.TASK_FAILED);
    assertThat(last.getReason()).isEqualTo(TaskStatus.Reason.REASON_MAX_COMPLETION_TIME_REACHED);
  }

  @Test
  void discardedTaskIsKilledWithoutAWord() {
    scenario.connect();
    String container = scenario.start(task("t", "x"));
    scenario.say(
        ToAgent.newBuilder()
            .setDiscardTask(
                DiscardTask.newBuilder()
                    .setFrameworkId(FRAMEWORK.getId())
                    .setTaskId(TaskID.newBuilder().setValue("t"))));
    scenario.told();
    assertThat(scenario.take(AgentCommand.TerminateContainer.class)).hasSize(1);
    scenario.exit(container, new ContainerExit.Exited(0));
    scenario.pass(Duration.ofMinutes(30));
    assertThat(scenario.updates()).isEmpty();
  }

  @Test
  void shutDownFrameworkEndsWithAllItsTasks() {
    scenario.connect();
    scenario.start(task("a", "x"));
    scenario.start(task("b", "x"));
    scenario.say(
        ToAgent.newBuilder()
            .setShutdownFramework(
                ShutdownFramework.newBuilder().setFrameworkId(FRAMEWORK.getId())));
    assertThat(scenario.take(AgentCommand.TerminateContainer.class)).hasSize(2);
    scenario.pass(Duration.ofSeconds(4));
    assertThat(scenario.take(AgentCommand.KillContainer.class)).hasSize(2);
    assertThat(scenario.snapshot().frameworks()).isEmpty();
  }

  @Test
  void missingTaskIsReportedUntilAcknowledged() {
    scenario.connect(
        MissingTask.newBuilder()
            .setFrameworkInfo(FRAMEWORK)
            .setTaskId(TaskID.newBuilder().setValue("gone"))
            .build());
    TaskStatus first = scenario.updates().getLast();
    assertThat(first.getState()).isEqualTo(TaskState.TASK_LOST);
    assertThat(first.getMessage()).isEqualTo("Reconciliation: task unknown to the agent");
    scenario.pass(Duration.ofSeconds(11));
    assertThat(scenario.updates()).containsExactly(first);
    scenario.acknowledge(first);
    scenario.pass(Duration.ofSeconds(60 - 1));
    assertThat(scenario.updates()).isEmpty();
  }

  @Test
  void pingsAreAnsweredAndASilentMasterIsLeft() {
    scenario.connect();
    scenario.told();
    scenario.say(ToAgent.newBuilder().setPing(Ping.getDefaultInstance()));
    assertThat(scenario.told().getLast().hasPong()).isTrue();
    scenario.take(AgentCommand.OpenLink.class);
    scenario.pass(Duration.ofSeconds(70));
    assertThat(scenario.take(AgentCommand.CloseLink.class)).isEmpty();
    scenario.pass(Duration.ofSeconds(10));
    assertThat(scenario.take(AgentCommand.CloseLink.class)).hasSize(1);
    assertThat(scenario.take(AgentCommand.OpenLink.class)).hasSize(1);
  }

  @Test
  void stoppingAgentEndsItsTasksFirst() {
    scenario.connect();
    String container = scenario.start(task("t", "x"));
    scenario.acknowledgeAll();
    scenario.happen(new AgentEvent.StopWanted());
    assertThat(scenario.take(AgentCommand.Stop.class)).isEmpty();
    scenario.run(FRAMEWORK, task("late", "x"));
    assertThat(scenario.take(AgentCommand.LaunchContainer.class)).isEmpty();
    scenario.told();
    scenario.exit(container, new ContainerExit.Signaled(15, "Terminated", false));
    List<ToMaster> told = scenario.told();
    assertThat(told.getFirst().getStatusUpdate().getStatus().getState())
        .isEqualTo(TaskState.TASK_KILLED);
    assertThat(told.getLast().hasUnregister()).isTrue();
    assertThat(scenario.take(AgentCommand.Stop.class)).hasSize(1);
  }

  @Test
  void refusalForGoodEndsTheAgent() {
    scenario.connect();
    scenario.say(
        ToAgent.newBuilder().setRefused(Refused.newBuilder().setMessage("no").setShutdown(true)));
    assertThat(scenario.take(AgentCommand.Stop.class)).hasSize(1);
  }

  @Test
  void tasksItCannotRunFailWithAReason() {
    scenario.connect();
    var task = task("t", "x");
    task.getContainerBuilder().setType(ContainerInfo.Type.DOCKER).getDockerBuilder().setImage("i");
    scenario.run(FRAMEWORK, task);
    assertThat(scenario.take(AgentCommand.LaunchContainer.class)).isEmpty();
    assertThat(scenario.acknowledgeAll().getLast().getState()).isEqualTo(TaskState.TASK_FAILED);
  }
}
