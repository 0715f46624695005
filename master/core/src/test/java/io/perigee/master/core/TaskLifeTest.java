package io.perigee.master.core;

import static io.perigee.master.core.Scenario.framework;
import static io.perigee.master.core.Scenario.resources;
import static io.perigee.master.core.Scenario.task;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.perigee.link.ToAgent;
import io.perigee.mesos.v1.AgentID;
import io.perigee.mesos.v1.ExecutorID;
import io.perigee.mesos.v1.FrameworkInfo.Capability;
import io.perigee.mesos.v1.OperationID;
import io.perigee.mesos.v1.OperationState;
import io.perigee.mesos.v1.TaskState;
import io.perigee.mesos.v1.TaskStatus;
import io.perigee.mesos.v1.scheduler.Call;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A task from its offer to its end, and what may come between. */
class TaskLifeTest {
  private final Scenario scenario = new Scenario();
  private final Scenario.Scheduler scheduler =
      scenario.subscribe(framework(Capability.Type.PARTITION_AWARE).setCheckpoint(true));
  private final Scenario.AgentPeer agent = scenario.agent(5051, "cpus:4;mem:1000");

  private TaskStatus launch(String taskId, TaskState... states) {
    var offer = scheduler.offer();
    scheduler.accept(offer, task(taskId, offer, "cpus:1;mem:100"));
    TaskStatus last = TaskStatus.getDefaultInstance();
    for (TaskState state : states) {
      last = agent.update(scheduler.id, taskId, state);
      scheduler.acknowledge(last);
    }
    agent.messages();
    return last;
  }

  @Test
  void taskRunsToItsEndAndItsResourcesAreOfferedAtOnce() {
    var offer = scheduler.offer();
    assertThat(offer.resources()).isEqualTo(resources("cpus:4;mem:1000"));
    assertThat(scheduler.accept(offer, task("t", offer, "cpus:1;mem:100")).status()).isEqualTo(202);
    ToAgent run = agent.messages().getLast();
    assertThat(run.getRunTasks().getTasksList()).hasSize(1);
    assertThat(run.getRunTasks().getTasks(0).getResources(0).getAllocationInfo().getRole())
        .isEqualTo("*");

    TaskStatus running = agent.update(scheduler.id, "t", TaskState.TASK_RUNNING);
    assertThat(scheduler.updates()).containsExactly(running);
    scheduler.acknowledge(running);
    assertThat(agent.messages().getLast().getAcknowledge().getUuid()).isEqualTo(running.getUuid());

    TaskStatus finished = agent.update(scheduler.id, "t", TaskState.TASK_FINISHED);
    var events = scheduler.events();
    assertThat(events.getFirst()).isEqualTo(new SchedulerNotice.Update(finished));
    assertThat(events.getLast()).isInstanceOf(SchedulerNotice.Offers.class);
    assertThat(scenario.snapshot().frameworks().getFirst().tasks()).hasSize(1);
    scheduler.acknowledge(finished);
    var snapshot = scenario.snapshot().frameworks().getFirst();
    assertThat(snapshot.tasks()).isEmpty();
    assertThat(snapshot.completedTasks()).hasSize(1);
    assertThat(snapshot.completedTasks().getFirst().statuses())
        .extracting(TaskStatus::getState)
        .containsExactly(TaskState.TASK_RUNNING, TaskState.TASK_FINISHED);
    assertThat(scenario.snapshot().counters()).containsEntry("master/tasks_finished", 1.0);
  }

  @Test
  void unusedPartIsNotOfferedAgainBeforeTheFilterEndsUnlessItGrew() {
    launch("t", TaskState.TASK_RUNNING);
    scenario.pass(Duration.ofMillis(4_900));
    assertThat(scheduler.offers()).isEmpty();
    scenario.pass(Duration.ofMillis(150));
    assertThat(scheduler.offers())
        .singleElement()
        .extracting(o -> o.resources())
        .isEqualTo(resources("cpus:3;mem:900"));
  }

  @Test
  void wrongTasksAreErrorsAndTheOthersRun() {
    var offer = scheduler.offer();
    scheduler.accept(
        offer,
        task("a/b", offer, "cpus:1"),
        task("ok", offer, "cpus:1"),
        task("ok", offer, "cpus:1"),
        task("big", offer, "cpus:5"),
        task("none", offer, ""),
        task("foreign", offer, "cpus:1").toBuilder().setAgentId(offer("other")).build());
    assertThat(scheduler.updates())
        .allSatisfy(s -> {
          assertThat(s.getState()).isEqualTo(TaskState.TASK_ERROR);
          assertThat(s.getReason()).isEqualTo(TaskStatus.Reason.REASON_TASK_INVALID);
          assertThat(s.getSource()).isEqualTo(TaskStatus.Source.SOURCE_MASTER);
          assertThat(s.hasUuid()).isFalse();
        })
        .extracting(TaskStatus::getMessage)
        .containsExactly(
            "'a/b' contains invalid characters",
            "Task has duplicate ID: ok",
            "Total resources cpus(allocated: *):5 required by task and its executor is more than"
                + " available cpus(allocated: *):3; mem(allocated: *):1000",
            "Task uses no resources",
            "Task uses invalid agent other while agent " + agent.id + " is expected");
    assertThat(agent.messages().getLast().getRunTasks().getTasksList()).hasSize(1);
    assertThat(scenario.snapshot().frameworks().getFirst().tasks()).hasSize(1);
  }

  private static io.perigee.mesos.v1.AgentID offer(String id) {
    return io.perigee.mesos.v1.AgentID.newBuilder().setValue(id).build();
  }

  @Test
  void invalidOffersDropTasksAndGiveTheValidOnesBack() {
    var offer = scheduler.offer();
    scheduler.accept(List.of(offer.id(), "bogus"), task("t", offer, "cpus:1"));
    assertThat(scheduler.updates())
        .singleElement()
        .satisfies(s -> {
          assertThat(s.getState()).isEqualTo(TaskState.TASK_DROPPED);
          assertThat(s.getReason()).isEqualTo(TaskStatus.Reason.REASON_INVALID_OFFERS);
          assertThat(s.getMessage())
              .isEqualTo("Task launched with invalid offers: Offer bogus is no longer valid");
        });
    scheduler.accept(List.of(), task("t", offer, "cpus:1"));
    assertThat(scheduler.updates().getLast().getMessage()).endsWith("No offers specified");
    var again = scenario.snapshot().frameworks().getFirst().offers().getLast();
    assertThat(again.resources()).isEqualTo(resources("cpus:4;mem:1000"));
    scheduler.accept(List.of(again.id(), again.id()), task("t", again, "cpus:1"));
    assertThat(scheduler.updates().getLast().getMessage())
        .endsWith("Duplicate offer " + again.id() + " in offer list");
  }

  @Test
  void offerOfAnotherFrameworkIsInvalidAndStaysWithIt() {
    var thief = scenario.subscribe(framework());
    var offer = scheduler.offer();
    thief.accept(offer, task("t", offer, "cpus:1"));
    assertThat(thief.updates().getLast().getState()).isEqualTo(TaskState.TASK_LOST);
    assertThat(thief.events()).isEmpty();
    scheduler.accept(offer, task("t", offer, "cpus:1"));
    assertThat(agent.messages().getLast().hasRunTasks()).isTrue();
  }

  @Test
  void declinedOfferComesBackWhenTheFilterEndsAndAtOnceAfterRevive() {
    scheduler.decline(scheduler.offer(), 60);
    scenario.pass(Duration.ofSeconds(59));
    assertThat(scheduler.offers()).isEmpty();
    scheduler.call(io.perigee.mesos.v1.scheduler.Call.Type.REVIVE);
    scheduler.decline(scheduler.offer(), 60);
    scenario.pass(Duration.ofSeconds(61));
    assertThat(scheduler.offers()).hasSize(1);
  }

  @Test
  void refusalOfZeroSecondsLastsAnAllocationIntervalForThatFrameworkOnly() {
    var other = scenario.subscribe(framework());
    scheduler.decline(scheduler.offer(), 0);
    assertThat(scheduler.offers()).isEmpty();
    assertThat(other.offers()).hasSize(1);
    scenario.pass(Duration.ofSeconds(2));
    assertThat(scheduler.offers()).isEmpty();
  }

  @Test
  void suppressedFrameworkKeepsItsOffersAndGetsNoNewOnes() {
    var offer = scheduler.offer();
    scheduler.call(io.perigee.mesos.v1.scheduler.Call.Type.SUPPRESS);
    scheduler.accept(offer, task("t", offer, "cpus:1"));
    agent.update(scheduler.id, "t", TaskState.TASK_FINISHED);
    scenario.pass(Duration.ofSeconds(30));
    assertThat(scheduler.offers()).isEmpty();
    scheduler.call(io.perigee.mesos.v1.scheduler.Call.Type.REVIVE);
    assertThat(scheduler.offers()).hasSize(1);
  }

  @Test
  void killReachesTheAgentNowOrWhenItIsBack() {
    launch("t", TaskState.TASK_RUNNING);
    scheduler.kill("t");
    assertThat(agent.messages().getLast().getKillTask().getTaskId().getValue()).isEqualTo("t");
    agent.disconnect();
    scheduler.kill("t");
    agent.register(agent.running(scheduler.id, "t", "cpus:1;mem:100"));
    assertThat(agent.messages()).anyMatch(ToAgent::hasKillTask);
  }

  @Test
  void killOfAnUnknownTaskIsReconciled() {
    scheduler.kill("nope");
    assertThat(scheduler.updates())
        .singleElement()
        .satisfies(s -> {
          assertThat(s.getState()).isEqualTo(TaskState.TASK_UNKNOWN);
          assertThat(s.getMessage()).isEqualTo("Reconciliation: Task is unknown");
        });
  }

  @Test
  void reconciliationTellsWhatTheFrameworkWasToldLast() {
    launch("t", TaskState.TASK_STARTING);
    scheduler.events();
    scheduler.reconcile();
    scheduler.reconcile("t", "nope");
    assertThat(scheduler.updates())
        .extracting(TaskStatus::getState)
        .containsExactly(TaskState.TASK_STARTING, TaskState.TASK_STARTING, TaskState.TASK_UNKNOWN);
  }

  @Test
  void updateForADisconnectedFrameworkIsDroppedAndRepeatedByTheAgent() {
    launch("t", TaskState.TASK_RUNNING);
    scheduler.disconnect();
    agent.update(scheduler.id, "t", TaskState.TASK_FINISHED);
    assertThat(scenario.take(MasterCommand.Notify.class))
        .noneMatch(n ->
            n.notice() instanceof SchedulerNotice.Update u
                && u.status().getState() == TaskState.TASK_FINISHED);
  }

  @Test
  void stateNeverChangesAfterTheEnd() {
    launch("t", TaskState.TASK_RUNNING);
    agent.update(scheduler.id, "t", TaskState.TASK_FAILED);
    agent.update(scheduler.id, "t", TaskState.TASK_RUNNING);
    assertThat(scenario.snapshot().frameworks().getFirst().tasks().getFirst().state())
        .isEqualTo(TaskState.TASK_FAILED);
  }

  @Test
  void shutdownOfACommandsExecutorKillsItsTaskAndOthersArePassedOver() {
    launch("t", TaskState.TASK_RUNNING);
    var shutdown = Call.Shutdown.newBuilder().setAgentId(AgentID.newBuilder().setValue(agent.id));
    for (String executor : List.of("unknown", "t")) {
      assertThat(agent.messages()).noneMatch(ToAgent::hasKillTask);
      shutdown.setExecutorId(ExecutorID.newBuilder().setValue(executor));
      assertThat(
              scheduler
                  .call(Call.newBuilder().setType(Call.Type.SHUTDOWN).setShutdown(shutdown))
                  .status())
          .isEqualTo(202);
    }
    assertThat(agent.messages().getLast().getKillTask().getTaskId().getValue()).isEqualTo("t");
  }

  private static Call.ReconcileOperations.Operation.Builder operation(String id) {
    return Call.ReconcileOperations.Operation.newBuilder()
        .setOperationId(OperationID.newBuilder().setValue(id));
  }

  @Test
  void reconciledOperationsAreUnknownAndSayWhy() {
    scheduler.call(
        Call.newBuilder()
            .setType(Call.Type.RECONCILE_OPERATIONS)
            .setReconcileOperations(
                Call.ReconcileOperations.newBuilder()
                    .addOperations(
                        operation("o-1").setAgentId(AgentID.newBuilder().setValue(agent.id)))
                    .addOperations(
                        operation("o-2").setAgentId(AgentID.newBuilder().setValue("nobody")))
                    .addOperations(operation("o-3"))));
    assertThat(scheduler.events(SchedulerNotice.UpdateOperation.class))
        .extracting(
            event -> event.status().getOperationId().getValue(),
            event -> event.status().getState(),
            event -> event.status().getMessage())
        .containsExactly(
            tuple("o-1", OperationState.OPERATION_UNKNOWN, "Reconciliation: Operation is unknown"),
            tuple(
                "o-2",
                OperationState.OPERATION_UNKNOWN,
                "Reconciliation: Both operation and agent are unknown"),
            tuple(
                "o-3",
                OperationState.OPERATION_UNKNOWN,
                "Reconciliation: Operation is unknown and no 'agent_id' was provided"));
  }
}
