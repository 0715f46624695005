package io.perigee.agent.core;

import static io.perigee.agent.core.AgentScenario.FRAMEWORK;
import static io.perigee.agent.core.ExecutorPeer.task;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.perigee.agent.core.AgentSnapshot.ExecutorKind;
import io.perigee.agent.core.AgentSnapshot.ExecutorState;
import io.perigee.link.ExecutorExited;
import io.perigee.link.Register;
import io.perigee.link.RunTasks;
import io.perigee.link.ShutdownExecutor;
import io.perigee.link.ShutdownFramework;
import io.perigee.link.ToAgent;
import io.perigee.link.ToMaster;
import io.perigee.mesos.v1.ContainerInfo;
import io.perigee.mesos.v1.ExecutorID;
import io.perigee.mesos.v1.ExecutorInfo;
import io.perigee.mesos.v1.FrameworkInfo.Capability;
import io.perigee.mesos.v1.TaskID;
import io.perigee.mesos.v1.TaskState;
import io.perigee.mesos.v1.TaskStatus;
import io.perigee.mesos.v1.executor.Event;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The life of executors with a process of their own. */
class CustomExecutorTest {
  private final AgentScenario scenario = new AgentScenario();

  CustomExecutorTest() {
    scenario.connect();
    scenario.told();
  }

  private AgentSnapshot.Executor executor() {
    return scenario.snapshot().frameworks().getFirst().executors().getFirst();
  }

  private static ToAgent.Builder shutdownExecutor() {
    return ToAgent.newBuilder()
        .setShutdownExecutor(
            ShutdownExecutor.newBuilder()
                .setFrameworkId(FRAMEWORK.getId())
                .setExecutorId(ExecutorID.newBuilder().setValue(ExecutorPeer.ID)));
  }

  @Test
  void itsContainerHasItsCommandEnvironmentAndRoomForItsTasks() {
    ExecutorInfo.Builder info = ExecutorPeer.custom();
    info.getCommandBuilder().getEnvironmentBuilder().addVariablesBuilder().setName("LAST");
    info.getCommandBuilder().getEnvironmentBuilder().getVariablesBuilder(0).setValue("mine");
    info.getCommandBuilder().addUrisBuilder().setValue("http://x/e.tgz");
    scenario.run(FRAMEWORK.toBuilder().setCheckpoint(true).build(), task("t").setExecutor(info));
    AgentCommand.LaunchContainer launch =
        scenario.take(AgentCommand.LaunchContainer.class).getLast();
    assertThat(launch.argv()).containsExactly("/bin/sh", "-c", "exec run-me");
    assertThat(launch.uris()).hasSize(1);
    assertThat(launch.user()).isEqualTo("alice");
    assertThat(launch.cpusThousandths()).isEqualTo(1100);
    assertThat(launch.memBytes()).isEqualTo(96L << 20);
    assertThat(launch.sandbox()).startsWith("/w/slaves/m-S0/frameworks/fw/executors/ex/runs/");
    // As recorded from Mesos, which prints them sorted; PATH and LAST come besides.
    assertThat(launch.environment().keySet().stream().sorted())
        .containsExactly(
            "LAST",
            "LIBPROCESS_IP",
            "LIBPROCESS_PORT",
            "MESOS_AGENT_ENDPOINT",
            "MESOS_CHECKPOINT",
            "MESOS_DIRECTORY",
            "MESOS_EXECUTOR_ID",
            "MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD",
            "MESOS_FRAMEWORK_ID",
            "MESOS_HTTP_COMMAND_EXECUTOR",
            "MESOS_RECOVERY_TIMEOUT",
            "MESOS_SANDBOX",
            "MESOS_SLAVE_ID",
            "MESOS_SLAVE_PID",
            "MESOS_SUBSCRIPTION_BACKOFF_MAX",
            "PATH");
    assertThat(launch.environment())
        .containsEntry("MESOS_CHECKPOINT", "1")
        .containsEntry("MESOS_RECOVERY_TIMEOUT", "15mins")
        .containsEntry("MESOS_SUBSCRIPTION_BACKOFF_MAX", "2secs")
        .containsEntry("MESOS_EXECUTOR_ID", "ex")
        .containsEntry("MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD", "5secs")
        .containsEntry("LAST", "mine");
  }

  @Test
  void taskRunsToItsEndAndTheExecutorLivesOn() {
    ExecutorPeer executor = ExecutorPeer.running(scenario, task("t"));
    List<Event> heard = executor.heard();
    assertThat(heard)
        .extracting(Event::getType)
        .containsExactly(Event.Type.SUBSCRIBED, Event.Type.LAUNCH);
    Event.Subscribed subscribed = heard.getFirst().getSubscribed();
    assertThat(subscribed.getExecutorInfo())
        .isEqualTo(ExecutorPeer.custom().setFrameworkId(FRAMEWORK.getId()).build());
    assertThat(subscribed.getFrameworkInfo()).isEqualTo(FRAMEWORK);
    assertThat(subscribed.getAgentInfo().getId().getValue()).isEqualTo("m-S0");
    assertThat(subscribed.getContainerId().getValue()).isEqualTo(executor.containerId);
    assertThat(heard.getLast().getLaunch().getTask()).isEqualTo(task("t").build());

    TaskStatus.Builder running =
        executor
            .status("t", TaskState.TASK_RUNNING)
            .setData(ByteString.copyFromUtf8("d"))
            .setMessage("m")
            .setHealthy(true);
    assertThat(executor.update(running).status()).isEqualTo(202);
    Event acknowledged = executor.heard().getLast();
    assertThat(acknowledged.getType()).isEqualTo(Event.Type.ACKNOWLEDGED);
    assertThat(acknowledged.getAcknowledged().getUuid()).isEqualTo(running.getUuid());
    TaskStatus.Builder expected = running.clone();
    expected.getAgentIdBuilder().setValue("m-S0");
    expected.getContainerStatusBuilder().getContainerIdBuilder().setValue(executor.containerId);
    expected.getContainerStatusBuilder().setExecutorPid(4711);
    expected
        .getContainerStatusBuilder()
        .addNetworkInfosBuilder()
        .addIpAddressesBuilder()
        .setIpAddress("10.0.0.5");
    assertThat(scenario.acknowledgeAll()).containsExactly(expected.build());

    executor.update("t", TaskState.TASK_FINISHED);
    scenario.acknowledgeAll();
    AgentSnapshot.Executor shown = executor();
    assertThat(shown.kind()).isEqualTo(ExecutorKind.CUSTOM);
    assertThat(shown.state()).isEqualTo(ExecutorState.RUNNING);
    assertThat(shown.launchedTasks()).isEmpty();
    assertThat(shown.completedTasks())
        .singleElement()
        .satisfies(t -> {
          assertThat(t.getExecutorId().getValue()).isEqualTo("ex");
          assertThat(t.getStatuses(0).hasData()).isFalse();
        });
    assertThat(scenario.take(AgentCommand.ResizeContainer.class))
        .containsExactly(new AgentCommand.ResizeContainer(executor.containerId, 100, 32L << 20));
  }

  @Test
  void secondTaskJoinsAfterTheLimitsWereRaised() {
    ExecutorPeer executor = ExecutorPeer.running(scenario, task("t"));
    executor.heard();
    scenario.run(FRAMEWORK, task("u"));
    assertThat(scenario.take(AgentCommand.LaunchContainer.class)).isEmpty();
    List<AgentCommand> told =
        scenario.take(AgentCommand.class).stream()
            .filter(c ->
                c instanceof AgentCommand.ResizeContainer || c instanceof AgentCommand.TellExecutor)
            .toList();
    assertThat(told.getFirst())
        .isEqualTo(new AgentCommand.ResizeContainer(executor.containerId, 2100, 160L << 20));
    assertThat(((AgentCommand.TellExecutor) told.getLast()).event().getType())
        .isEqualTo(Event.Type.LAUNCH);
    assertThat(executor().resources().thousandths("cpus")).isEqualTo(2100);
  }

  @Test
  void groupIsDeliveredWhole() {
    ExecutorPeer.runGroup(
        scenario,
        FRAMEWORK,
        ExecutorPeer.custom(),
        task("a").clearExecutor(),
        task("b").clearExecutor());
    ExecutorPeer executor = new ExecutorPeer(scenario, ExecutorPeer.ID);
    executor.start();
    assertThat(executor().queuedTasks()).hasSize(2);
    executor.subscribe();
    Event group = executor.heard().getLast();
    assertThat(group.getType()).isEqualTo(Event.Type.LAUNCH_GROUP);
    assertThat(group.getLaunchGroup().getTaskGroup().getTasksCount()).isEqualTo(2);
    assertThat(executor().launchedTasks()).hasSize(2);
  }

  @Test
  void killIsTheExecutorsToCarryOut() {
    ExecutorPeer executor = ExecutorPeer.running(scenario, task("t"));
    executor.heard();
    scenario.kill("t", Duration.ofSeconds(3));
    Event kill = executor.heard().getLast();
    assertThat(kill.getKill().getTaskId().getValue()).isEqualTo("t");
    assertThat(kill.getKill().getKillPolicy())
        .isEqualTo(AgentScenario.policy(Duration.ofSeconds(3)));
    assertThat(scenario.take(AgentCommand.TerminateContainer.class)).isEmpty();
    executor.update("t", TaskState.TASK_KILLED);
    assertThat(scenario.acknowledgeAll())
        .singleElement()
        .satisfies(u -> assertThat(u.getState()).isEqualTo(TaskState.TASK_KILLED));
  }

  @Test
  void killThatTheExecutorMissedIsRepeatedWhenItComesBack() {
    ExecutorPeer executor = ExecutorPeer.running(scenario, task("t"));
    executor.update("t", TaskState.TASK_RUNNING);
    executor.loseStream();
    scenario.kill("t", Duration.ofSeconds(3));
    executor.heard();
    executor.subscribe();
    assertThat(executor.heardTypes()).containsExactly(Event.Type.SUBSCRIBED, Event.Type.KILL);
  }

  @Test
  void killedInTheQueueItIsNeverDeliveredAndAnExecutorWithoutTasksIsShutDown() {
    ExecutorPeer.runGroup(
        scenario,
        FRAMEWORK,
        ExecutorPeer.custom(),
        task("a").clearExecutor(),
        task("b").clearExecutor());
    ExecutorPeer executor = new ExecutorPeer(scenario, ExecutorPeer.ID);
    executor.start();
    scenario.kill("a", Duration.ofSeconds(3));
    assertThat(scenario.acknowledgeAll())
        .hasSize(2)
        .allSatisfy(u -> {
          assertThat(u.getState()).isEqualTo(TaskState.TASK_KILLED);
          assertThat(u.getSource()).isEqualTo(TaskStatus.Source.SOURCE_AGENT);
          assertThat(u.getReason()).isEqualTo(TaskStatus.Reason.REASON_TASK_KILLED_DURING_LAUNCH);
          assertThat(u.getMessage()).isEqualTo("Killed before delivery to the executor");
        });
    executor.subscribe();
    assertThat(executor.heardTypes()).containsExactly(Event.Type.SUBSCRIBED, Event.Type.SHUTDOWN);
    assertThat(executor().state()).isEqualTo(ExecutorState.TERMINATING);
  }

  @Test
  void shutdownIsAskedForAndThenForced() {
    ExecutorPeer executor =
        ExecutorPeer.running(
            scenario,
            task("t")
                .setExecutor(
                    ExecutorPeer.custom()
                        .setShutdownGracePeriod(
                            AgentScenario.policy(Duration.ofSeconds(9)).getGracePeriod())));
    executor.heard();
    scenario.say(shutdownExecutor());
    assertThat(executor.heardTypes()).containsExactly(Event.Type.SHUTDOWN);
    scenario.pass(Duration.ofSeconds(8));
    assertThat(scenario.take(AgentCommand.KillContainer.class)).isEmpty();
    scenario.run(FRAMEWORK, task("late"));
    assertThat(scenario.acknowledgeAll())
        .singleElement()
        .satisfies(u -> {
          assertThat(u.getState()).isEqualTo(TaskState.TASK_LOST);
          assertThat(u.getReason()).isEqualTo(TaskStatus.Reason.REASON_EXECUTOR_TERMINATED);
          assertThat(u.getMessage()).isEqualTo("Executor terminating");
        });
    scenario.pass(Duration.ofSeconds(2));
    assertThat(scenario.take(AgentCommand.KillContainer.class)).hasSize(1);
  }

  @Test
  void itsEndIsTheEndOfItsTasksAndToldToTheMaster() {
    ExecutorPeer executor = ExecutorPeer.running(scenario, task("t"), task("done"));
    executor.update("done", TaskState.TASK_FINISHED);
    scenario.told();
    executor.exit(new ContainerExit.Exited(3));
    List<ToMaster> told = scenario.told();
    ExecutorExited exited = told.getLast().getExecutorExited();
    assertThat(exited.getExecutorId().getValue()).isEqualTo("ex");
    assertThat(exited.getStatus()).isEqualTo(3 << 8);
    TaskStatus last = told.getFirst().getStatusUpdate().getStatus();
    assertThat(last.getTaskId().getValue()).isEqualTo("t");
    assertThat(last.getState()).isEqualTo(TaskState.TASK_FAILED);
    assertThat(last.getReason()).isEqualTo(TaskStatus.Reason.REASON_EXECUTOR_TERMINATED);
    assertThat(last.getMessage()).isEqualTo("Executor terminated");
    assertThat(last.getSource()).isEqualTo(TaskStatus.Source.SOURCE_AGENT);
    assertThat(executor().terminatedTasks()).hasSize(2);
    assertThat(scenario.take(AgentCommand.EndExecutorStream.class)).hasSize(1);
    assertThat(executor.update("t", TaskState.TASK_RUNNING).status()).isEqualTo(202);
    scenario.acknowledge(last);
    scenario.pass(Duration.ofSeconds(10));
    scenario.acknowledgeAll();
    AgentSnapshot snapshot = scenario.snapshot();
    assertThat(snapshot.frameworks()).isEmpty();
    assertThat(snapshot.completedFrameworks().getFirst().completedExecutors())
        .singleElement()
        .satisfies(e -> assertThat(e.completedTasks()).hasSize(2));
    assertThat(snapshot.counters()).containsEntry("slave/executors_terminated", 1.0);
  }

  @Test
  void signalsAreToldAsWaitGivesThem() {
    assertThat(TaskEnds.waitStatus(new ContainerExit.Signaled(9, "Killed", false))).isEqualTo(9);
    assertThat(TaskEnds.waitStatus(new ContainerExit.Signaled(11, "Segfault", true)))
        .isEqualTo(139);
    assertThat(TaskEnds.waitStatus(new ContainerExit.OutOfMemory())).isEqualTo(9);
    assertThat(TaskEnds.waitStatus(new ContainerExit.Lost("?"))).isEqualTo(-1);
    assertThat(TaskEnds.waitStatus(new ContainerExit.Exited(0))).isEqualTo(0);
  }

  @Test
  void outOfMemoryIsToldAsTheLimitOfItsTasks() {
    ExecutorPeer executor = ExecutorPeer.running(scenario, task("t"));
    executor.exit(new ContainerExit.OutOfMemory());
    TaskStatus last = scenario.acknowledgeAll().getLast();
    assertThat(last.getReason()).isEqualTo(TaskStatus.Reason.REASON_CONTAINER_LIMITATION_MEMORY);
    assertThat(last.getLimitation().getResources(0).getScalar().getValue()).isEqualTo(96);
  }

  @Test
  void failedLaunchFailsItsTasks() {
    scenario.run(FRAMEWORK, task("t"));
    String container = scenario.take(AgentCommand.LaunchContainer.class).getLast().containerId();
    scenario.happen(new AgentEvent.ContainerFailed(container, "Failed to fetch"));
    List<ToMaster> told = scenario.told();
    assertThat(told.getFirst().getStatusUpdate().getStatus().getMessage())
        .isEqualTo("Failed to launch container: Failed to fetch");
    assertThat(told.getLast().getExecutorExited().getStatus()).isEqualTo(-1);
  }

  @Test
  void imagesAreNotSupportedAndTheMasterHearsThatTheExecutorIsGone() {
    ExecutorInfo.Builder info = ExecutorPeer.custom();
    info.getContainerBuilder().setType(ContainerInfo.Type.DOCKER).getDockerBuilder().setImage("i");
    scenario.run(FRAMEWORK, task("t").setExecutor(info));
    List<ToMaster> told = scenario.told();
    assertThat(told.getFirst().getStatusUpdate().getStatus().getState())
        .isEqualTo(TaskState.TASK_FAILED);
    assertThat(told.getLast().hasExecutorExited()).isTrue();
  }

  @Test
  void executorThatNeverSubscribesIsKilled() {
    scenario.run(FRAMEWORK, task("t"));
    ExecutorPeer executor = new ExecutorPeer(scenario, ExecutorPeer.ID);
    executor.start();
    scenario.pass(Duration.ofSeconds(59));
    assertThat(scenario.take(AgentCommand.KillContainer.class)).isEmpty();
    scenario.pass(Duration.ofSeconds(2));
    assertThat(scenario.take(AgentCommand.KillContainer.class)).hasSize(1);
    executor.exit(new ContainerExit.Signaled(9, "Killed", false));
    TaskStatus last = scenario.acknowledgeAll().getLast();
    assertThat(last.getState()).isEqualTo(TaskState.TASK_FAILED);
    assertThat(last.getReason()).isEqualTo(TaskStatus.Reason.REASON_EXECUTOR_REGISTRATION_TIMEOUT);
    assertThat(last.getMessage()).isEqualTo("Executor did not register within 1mins");
  }

  @Test
  void executorThatSubscribedInTimeIsLeftAlone() {
    ExecutorPeer executor = ExecutorPeer.running(scenario, task("t"));
    executor.heard();
    scenario.pass(Duration.ofMinutes(29));
    assertThat(scenario.take(AgentCommand.KillContainer.class)).isEmpty();
    assertThat(executor.heard()).isEmpty();
    scenario.pass(Duration.ofMinutes(2));
    assertThat(executor.heardTypes()).containsExactly(Event.Type.HEARTBEAT);
    scenario.pass(Duration.ofMinutes(30));
    assertThat(executor.heardTypes()).containsExactly(Event.Type.HEARTBEAT);
  }

  @Test
  void executorThatTheMasterTakesForRunningIsNotStartedAnew() {
    var aware =
        FRAMEWORK.toBuilder()
            .addCapabilities(Capability.newBuilder().setType(Capability.Type.PARTITION_AWARE));
    scenario.say(
        ToAgent.newBuilder()
            .setRunTasks(RunTasks.newBuilder().setFrameworkInfo(aware).addTasks(task("t"))));
    assertThat(scenario.take(AgentCommand.LaunchContainer.class)).isEmpty();
    List<ToMaster> told = scenario.told();
    assertThat(told).noneMatch(ToMaster::hasExecutorExited);
    TaskStatus lost = told.getLast().getStatusUpdate().getStatus();
    assertThat(lost.getState()).isEqualTo(TaskState.TASK_DROPPED);
    assertThat(lost.getMessage()).isEqualTo("Executor terminated");
  }

  @Test
  void masterHearsThatANewExecutorIsRefusedWhileItsForerunnerHasSomethingToTell() {
    ExecutorPeer executor = ExecutorPeer.running(scenario, task("t"));
    executor.exit(new ContainerExit.Exited(0));
    scenario.told();
    scenario.run(FRAMEWORK, task("u"));
    List<ToMaster> told = scenario.told();
    assertThat(told.getFirst().getStatusUpdate().getStatus().getMessage())
        .isEqualTo("Executor terminated");
    assertThat(told.getLast().getExecutorExited().getStatus()).isEqualTo(-1);
  }

  @Test
  void noMoreTasksThanAnExecutorMayHave() {
    for (int i = 0; i < Launching.MOST_TASKS; i++) {
      scenario.run(FRAMEWORK, task("t" + i));
    }
    assertThat(scenario.told()).isEmpty();
    scenario.run(FRAMEWORK, task("straw"));
    List<ToMaster> told = scenario.told();
    assertThat(told)
        .singleElement()
        .satisfies(t ->
            assertThat(t.getStatusUpdate().getStatus().getMessage())
                .isEqualTo("The executor has 10000 tasks, as many as it may"));
    assertThat(executor().queuedTasks()).hasSize(Launching.MOST_TASKS);
  }

  @Test
  void noMoreExecutorsThanAnAgentMayHave() {
    for (int i = 0; i < Launching.MOST_EXECUTORS; i++) {
      scenario.run(FRAMEWORK, AgentScenario.task("t" + i, "x"));
    }
    assertThat(scenario.told()).isEmpty();
    scenario.run(FRAMEWORK, task("straw"));
    List<ToMaster> told = scenario.told();
    assertThat(told.getFirst().getStatusUpdate().getStatus().getMessage())
        .isEqualTo("The agent has 10000 executors, as many as it may");
    assertThat(told.getLast().hasExecutorExited()).isTrue();
  }

  @Test
  void registrationListsExecutorsThatLive() {
    ExecutorPeer executor = ExecutorPeer.running(scenario, task("t"));
    scenario.start(AgentScenario.task("command", "x"));
    executor.update("t", TaskState.TASK_FINISHED);
    scenario.acknowledgeAll();
    scenario.disconnect();
    scenario.connect();
    Register register = scenario.told().getFirst().getRegister();
    assertThat(register.getExecutorsList())
        .singleElement()
        .satisfies(e -> assertThat(e.getFrameworkId()).isEqualTo(FRAMEWORK.getId()));
    scenario.disconnect();
    executor.exit(new ContainerExit.Exited(0));
    scenario.connect();
    register = scenario.told().getFirst().getRegister();
    assertThat(register.getExecutorsList()).isEmpty();
    assertThat(register.getTasksList()).hasSize(1);
    assertThat(register.getFrameworksList()).containsExactly(FRAMEWORK);
  }

  @Test
  void shutDownFrameworkTellsNothingAndStaysUntilItsExecutorIsGone() {
    ExecutorPeer executor = ExecutorPeer.running(scenario, task("t"));
    executor.update("t", TaskState.TASK_RUNNING);
    scenario.told();
    executor.heard();
    scenario.say(
        ToAgent.newBuilder()
            .setShutdownFramework(
                ShutdownFramework.newBuilder().setFrameworkId(FRAMEWORK.getId())));
    assertThat(executor.heardTypes()).containsExactly(Event.Type.SHUTDOWN);
    assertThat(executor.update("t", TaskState.TASK_KILLED).status()).isEqualTo(202);
    assertThat(executor.heardTypes()).containsExactly(Event.Type.ACKNOWLEDGED);
    scenario.pass(Duration.ofMinutes(30));
    assertThat(scenario.updates()).isEmpty();
    scenario.disconnect();
    scenario.connect();
    assertThat(scenario.told().getFirst().getRegister().getFrameworksList()).isEmpty();
    assertThat(scenario.take(AgentCommand.KillContainer.class)).hasSize(1);
    executor.exit(new ContainerExit.Signaled(9, "Killed", false));
    assertThat(scenario.snapshot().frameworks()).isEmpty();
  }

  @Test
  void discardedTaskIsKilledAndNothingIsToldOfIt() {
    ExecutorPeer executor = ExecutorPeer.running(scenario, task("t"));
    executor.heard();
    ToAgent.Builder discard = ToAgent.newBuilder();
    discard
        .getDiscardTaskBuilder()
        .setFrameworkId(FRAMEWORK.getId())
        .setTaskId(TaskID.newBuilder().setValue("t"));
    scenario.say(discard);
    assertThat(executor.heardTypes()).containsExactly(Event.Type.KILL);
    executor.update("t", TaskState.TASK_KILLED);
    assertThat(executor.heardTypes()).containsExactly(Event.Type.ACKNOWLEDGED);
    assertThat(scenario.updates()).isEmpty();
  }

  @Test
  void stoppingAgentWaitsForItsExecutors() {
    ExecutorPeer executor = ExecutorPeer.running(scenario, task("t"));
    executor.heard();
    scenario.happen(new AgentEvent.StopWanted());
    assertThat(executor.heardTypes()).containsExactly(Event.Type.SHUTDOWN);
    assertThat(scenario.take(AgentCommand.Stop.class)).isEmpty();
    executor.subscribe();
    assertThat(executor.heardTypes()).containsExactly(Event.Type.SHUTDOWN);
    scenario.pass(Duration.ofSeconds(6));
    assertThat(scenario.take(AgentCommand.KillContainer.class)).hasSize(1);
    executor.exit(new ContainerExit.Signaled(9, "Killed", false));
    assertThat(scenario.take(AgentCommand.Stop.class)).hasSize(1);
  }
}
