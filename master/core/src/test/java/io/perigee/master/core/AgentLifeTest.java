package io.perigee.master.core;

import static io.perigee.master.core.Scenario.framework;
import static io.perigee.master.core.Scenario.resources;
import static io.perigee.master.core.Scenario.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.link.Pong;
import io.perigee.link.ToAgent;
import io.perigee.link.ToMaster;
import io.perigee.link.Unregister;
import io.perigee.mesos.v1.FrameworkInfo.Capability;
import io.perigee.mesos.v1.TaskState;
import io.perigee.mesos.v1.TaskStatus;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Agents join, go silent, come back and leave; the table of states in {@code Membership} is walked
 * through.
 */
class AgentLifeTest {
  private final Scenario scenario = new Scenario();
  private final Scenario.Scheduler aware =
      scenario.subscribe(
          framework(Capability.Type.PARTITION_AWARE).setCheckpoint(true).setFailoverTimeout(9e6));
  private final Scenario.AgentPeer agent = scenario.agent(5051, "cpus:4;mem:1000");

  private void launchOn(Scenario.Scheduler scheduler, String taskId) {
    var offer = scheduler.offer();
    scheduler.accept(offer, task(taskId, offer, "cpus:1"));
    scheduler.acknowledge(agent.update(scheduler.id, taskId, TaskState.TASK_RUNNING));
    scheduler.events();
    agent.messages();
  }

  @Test
  void registrationIsRecordedBeforeAnythingElseHappensWithTheAgent() {
    assertThat(agent.id).isEqualTo("m-S0");
    assertThat(scenario.records)
        .singleElement()
        .isInstanceOfSatisfying(
            RegistryRecord.AgentAdmitted.class,
            r -> assertThat(r.info().getId().getValue()).isEqualTo("m-S0"));
    assertThat(aware.offers()).hasSize(1);
  }

  @Test
  void agentWithInvalidResourcesIsRefused() {
    var bad = scenario.agent(5052, "cpus:1");
    scenario.happen(
        new MasterEvent.AgentRegisters(
            77,
            null,
            io.perigee.link.Register.newBuilder()
                .setAgentInfo(
                    io.perigee.mesos.v1.AgentInfo.newBuilder()
                        .setHostname("h")
                        .addResources(
                            io.perigee.mesos.v1.Resource.newBuilder()
                                .setName("cpus")
                                .setType(io.perigee.mesos.v1.Value.Type.SCALAR)))
                .setIp("127.0.0.1")
                .setVersion("1.11.0")
                .setProcessId("p")
                .build()));
    assertThat(
            scenario.take(MasterCommand.Tell.class).getLast().message().getRefused().getMessage())
        .contains("Invalid scalar resource");
    assertThat(scenario.take(MasterCommand.EndLink.class).getLast().link()).isEqualTo(77);
    assertThat(bad.id).isEqualTo("m-S1");
  }

  @Test
  void liveAgentStaysActive() {
    scenario.pass(Duration.ofMinutes(5));
    assertThat(scenario.snapshot().agents().getFirst().isActive()).isTrue();
  }

  @Test
  void silentAgentIsSuspectedThenUnreachable() {
    scenario.agentsAnswerPings = false;
    launchOn(aware, "t");
    var other = scenario.subscribe(framework());
    scenario.pass(Duration.ofSeconds(6));
    aware.events();
    scenario.pass(Duration.ofSeconds(30));
    assertThat(scenario.snapshot().agents().getFirst().isActive()).isFalse();
    assertThat(
            aware.events(SchedulerNotice.Rescind.class).size()
                + other.events(SchedulerNotice.Rescind.class).size())
        .isEqualTo(1);
    scenario.pass(Duration.ofMinutes(1));
    assertThat(aware.updates())
        .singleElement()
        .satisfies(s -> {
          assertThat(s.getState()).isEqualTo(TaskState.TASK_UNREACHABLE);
          assertThat(s.getMessage()).isEqualTo("health check timed out");
          assertThat(s.getReason()).isEqualTo(TaskStatus.Reason.REASON_AGENT_REMOVED);
          assertThat(s.hasUnreachableTime()).isTrue();
        });
    assertThat(other.events(SchedulerNotice.Failure.class)).hasSize(1);
    assertThat(scenario.records.getLast()).isInstanceOf(RegistryRecord.AgentUnreachable.class);
    assertThat(scenario.take(MasterCommand.EndLink.class)).hasSize(1);
    aware.reconcile("t");
    assertThat(aware.updates().getLast().getMessage())
        .isEqualTo("Reconciliation: Task is unreachable");
  }

  @Test
  void suspectedAgentThatAnswersIsOfferedAgain() {
    scenario.agentsAnswerPings = false;
    aware.decline(aware.offer(), 1);
    scenario.pass(Duration.ofSeconds(40));
    aware.events();
    agent.say(ToMaster.newBuilder().setPong(Pong.getDefaultInstance()));
    assertThat(aware.offers()).hasSize(1);
  }

  @Test
  void unreachableAgentReturnsWithItsTasks() {
    scenario.agentsAnswerPings = false;
    launchOn(aware, "t");
    scenario.pass(Duration.ofMinutes(2));
    aware.events();
    agent.register(List.of(), agent.running(aware.id, "t", "cpus:1"));
    var events = aware.events();
    assertThat(events)
        .filteredOn(SchedulerNotice.Update.class::isInstance)
        .singleElement()
        .satisfies(e -> {
          TaskStatus status = ((SchedulerNotice.Update) e).status();
          assertThat(status.getState()).isEqualTo(TaskState.TASK_RUNNING);
          assertThat(status.getReason()).isEqualTo(TaskStatus.Reason.REASON_AGENT_REREGISTERED);
          assertThat(status.getMessage()).isEqualTo("Unreachable agent re-reregistered");
        });
    var snapshot = scenario.snapshot();
    assertThat(snapshot.unreachableAgents()).isEmpty();
    assertThat(snapshot.frameworks().getFirst().unreachableTasks()).isEmpty();
    assertThat(snapshot.frameworks().getFirst().offers().getLast().resources())
        .isEqualTo(resources("cpus:3;mem:1000"));
  }

  @Test
  void brokenLinkLosesTasksOfFrameworksThatDoNotCheckpoint() {
    launchOn(aware, "kept");
    aware.call(io.perigee.mesos.v1.scheduler.Call.Type.SUPPRESS);
    var careless = scenario.subscribe(framework(Capability.Type.PARTITION_AWARE));
    launchOn(careless, "lost");
    agent.disconnect();
    assertThat(careless.updates())
        .singleElement()
        .satisfies(s -> {
          assertThat(s.getState()).isEqualTo(TaskState.TASK_LOST);
          assertThat(s.getReason()).isEqualTo(TaskStatus.Reason.REASON_AGENT_DISCONNECTED);
          assertThat(s.getMessage()).isEqualTo("Agent h5051 disconnected");
        });
    assertThat(aware.updates()).isEmpty();
    agent.register(
        agent.running(aware.id, "kept", "cpus:1"), agent.running(careless.id, "lost", "cpus:1"));
    assertThat(agent.messages())
        .filteredOn(ToAgent::hasDiscardTask)
        .singleElement()
        .satisfies(m -> assertThat(m.getDiscardTask().getTaskId().getValue()).isEqualTo("lost"));
    assertThat(careless.updates()).isEmpty();
  }

  @Test
  void taskThatNeverReachedTheAgentIsReportedByIt() {
    var offer = aware.offer();
    aware.accept(offer, task("t", offer, "cpus:1"));
    agent.disconnect();
    agent.register();
    assertThat(
            agent.messages().stream()
                .filter(ToAgent::hasRegistered)
                .reduce((a, b) -> b)
                .orElseThrow()
                .getRegistered()
                .getMissingTasksList())
        .singleElement()
        .satisfies(m -> assertThat(m.getTaskId().getValue()).isEqualTo("t"));
  }

  @Test
  void disconnectedAgentHasTenMinutes() {
    launchOn(aware, "t");
    agent.disconnect();
    scenario.pass(Duration.ofSeconds(599));
    assertThat(aware.updates()).isEmpty();
    scenario.pass(Duration.ofSeconds(2));
    assertThat(aware.updates().getLast().getMessage())
        .isEqualTo("agent did not reregister within 10mins after disconnecting");
  }

  @Test
  void newAgentAtTheSameAddressReplacesTheOldOne() {
    launchOn(aware, "t");
    String old = agent.id;
    agent.disconnect();
    agent.id = "";
    agent.register();
    assertThat(agent.id).isNotEqualTo(old);
    assertThat(aware.updates())
        .singleElement()
        .satisfies(s -> {
          assertThat(s.getState()).isEqualTo(TaskState.TASK_LOST);
          assertThat(s.getMessage())
              .isEqualTo("Agent h5051 removed: a new agent registered at the same address");
        });
    assertThat(scenario.snapshot().agents()).hasSize(1);
  }

  @Test
  void idAtAnotherAddressIsRefusedForGood() {
    var other = scenario.agent(5052, "cpus:1");
    other.id = agent.id;
    other.register();
    var refused = other.messages().getLast().getRefused();
    assertThat(refused.getShutdown()).isTrue();
    assertThat(refused.getMessage()).contains("is registered at slave(1)@127.0.0.1:5051 already");
    assertThat(scenario.snapshot().agents().getFirst().isActive()).isTrue();
  }

  @Test
  void agentThatUnregistersIsGoneAtOnce() {
    launchOn(aware, "t");
    agent.say(ToMaster.newBuilder().setUnregister(Unregister.getDefaultInstance()));
    assertThat(aware.updates().getLast().getMessage())
        .isEqualTo("Agent h5051 removed: the agent unregistered");
    assertThat(scenario.snapshot().agents()).isEmpty();
    assertThat(scenario.snapshot().counters())
        .containsEntry("master/slave_removals/reason_unregistered", 1.0);
  }

  @Test
  void agentOfAnEarlierMasterBringsFrameworksAndTasks() {
    var late = scenario.agent(5055, "cpus:2;mem:200");
    late.id = "other-S9";
    var info = framework().setId(TaskUpdates.frameworkId("old-fw")).setCheckpoint(true).build();
    late.register(List.of(info), late.running("old-fw", "t", "cpus:1"));
    var snapshot = scenario.snapshot();
    assertThat(snapshot.frameworks())
        .filteredOn(f -> f.id().equals("old-fw"))
        .singleElement()
        .satisfies(f -> {
          assertThat(f.isRecovered()).isTrue();
          assertThat(f.tasks()).hasSize(1);
        });
    var back = scenario.subscribe(framework().setId(info.getId()));
    back.reconcile();
    assertThat(back.updates().getLast().getState()).isEqualTo(TaskState.TASK_RUNNING);
  }

  @Test
  void agentThatClaimsMoreThanItHasIsRefused() {
    var liar = scenario.agent(5056, "cpus:1");
    liar.id = "other-S1";
    var info = framework().setId(TaskUpdates.frameworkId("fw")).build();
    liar.register(List.of(info), liar.running("fw", "t", "cpus:9"));
    assertThat(liar.messages().getLast().getRefused().getMessage()).contains("uses more than");
  }

  @Test
  void recoveredAgentsOfTheRegistryAreAwaited() {
    MasterCore core = new MasterCore(MasterConfig.defaults("n", 1));
    var outcome = new io.perigee.common.loop.Outcome<RegistryRecord, MasterCommand>();
    scenario.records.forEach(core::apply);
    core.decide(1, new MasterEvent.Started(), outcome);
    core.decide(2, new MasterEvent.SnapshotWanted(1), outcome);
    assertThat(((MasterCommand.Deliver) outcome.commands().getLast()).snapshot().recoveredAgents())
        .hasSize(1);
    core.wake(Duration.ofMinutes(10).toNanos() + 2, outcome);
    assertThat(outcome.records().getLast()).isInstanceOf(RegistryRecord.AgentUnreachable.class);
  }

  /** Found by the simulator: the end was told once as news of the return and once by the agent. */
  @Test
  void taskThatEndedWhileItsAgentWasAwayIsNotToldTwice() {
    launchOn(aware, "t");
    agent.disconnect();
    scenario.pass(Duration.ofMinutes(11));
    aware.events();
    agent.register(
        List.of(),
        agent.running(aware.id, "t", "cpus:1").toBuilder()
            .setState(TaskState.TASK_FINISHED)
            .build());
    assertThat(aware.updates()).isEmpty();
    agent.update(aware.id, "t", TaskState.TASK_FINISHED);
    assertThat(aware.updates()).hasSize(1);
  }

  /** Found by the simulator: what was lost with the link came back with the agent. */
  @Test
  void taskDeclaredLostIsDiscardedEvenAfterTheAgentWasUnreachable() {
    aware.call(io.perigee.mesos.v1.scheduler.Call.Type.SUPPRESS);
    aware.decline(aware.offer(), 1);
    var careless = scenario.subscribe(framework(Capability.Type.PARTITION_AWARE));
    launchOn(careless, "t");
    agent.disconnect();
    scenario.pass(Duration.ofMinutes(11));
    careless.events();
    agent.register(List.of(), agent.running(careless.id, "t", "cpus:1"));
    assertThat(agent.messages()).anyMatch(ToAgent::hasDiscardTask);
    assertThat(careless.updates()).isEmpty();
  }
}
