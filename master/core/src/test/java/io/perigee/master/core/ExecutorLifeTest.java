package io.perigee.master.core;

import static io.perigee.master.core.Scenario.executor;
import static io.perigee.master.core.Scenario.framework;
import static io.perigee.master.core.Scenario.resources;
import static io.perigee.master.core.Scenario.task;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.perigee.link.ExecutorMessage;
import io.perigee.link.RunTasks;
import io.perigee.link.ToAgent;
import io.perigee.link.ToMaster;
import io.perigee.master.core.cluster.Executor;
import io.perigee.master.core.cluster.Gauges;
import io.perigee.mesos.v1.AgentID;
import io.perigee.mesos.v1.DurationInfo;
import io.perigee.mesos.v1.ExecutorID;
import io.perigee.mesos.v1.ExecutorInfo;
import io.perigee.mesos.v1.FrameworkID;
import io.perigee.mesos.v1.FrameworkInfo.Capability;
import io.perigee.mesos.v1.TaskState;
import io.perigee.mesos.v1.TaskStatus;
import io.perigee.mesos.v1.scheduler.Call;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Executors that frameworks bring: what they hold, how they end, and who hears of it. */
class ExecutorLifeTest {
  private final Scenario scenario = new Scenario();
  private final Audit audit = scenario.core.audit();
  private final Scenario.Scheduler scheduler =
      scenario.subscribe(
          framework(Capability.Type.PARTITION_AWARE).setCheckpoint(true).setFailoverTimeout(100));
  private final Scenario.AgentPeer agent = scenario.agent(5051, "cpus:4;mem:1000");
  private final ExecutorInfo executor = executor("e", "cpus:1;mem:100");

  private io.perigee.master.core.cluster.Offer launch(String taskId) {
    var offer = scheduler.offer();
    scheduler.accept(offer, task(taskId, offer, "cpus:0.5;mem:50", executor));
    return offer;
  }

  private void over(String taskId) {
    scheduler.acknowledge(agent.update(scheduler.id, taskId, TaskState.TASK_FINISHED));
  }

  private List<Executor> executors() {
    return scenario.snapshot().frameworks().getFirst().executors();
  }

  private double metric(String name) {
    return Gauges.of(scenario.snapshot()).getOrDefault(name, -1.0);
  }

  @AfterEach
  void booksBalance() {
    assertThat(audit.problems()).isEmpty();
  }

  @Test
  void executorsResourcesAreTakenOnceForAllItsTasks() {
    launch("t1");
    RunTasks first = agent.run();
    assertThat(first.getNewExecutorsList()).containsExactly(executor.getExecutorId());
    assertThat(first.getTasks(0).getExecutor().getFrameworkId().getValue()).isEqualTo(scheduler.id);
    assertThat(first.getTasks(0).getExecutor().getResources(0).getAllocationInfo().getRole())
        .isEqualTo("*");
    assertThat(first.hasGroupExecutor()).isFalse();
    scenario.pass(Duration.ofSeconds(6));
    launch("t2");
    assertThat(agent.run().getNewExecutorsList()).isEmpty();
    scenario.pass(Duration.ofSeconds(6));
    assertThat(scheduler.offer().resources()).isEqualTo(resources("cpus:2;mem:800"));
    assertThat(executors())
        .singleElement()
        .satisfies(e -> {
          assertThat(e.id()).isEqualTo("e");
          assertThat(e.agentId()).isEqualTo(agent.id);
          assertThat(e.role()).isEqualTo("*");
          assertThat(e.resources()).isEqualTo(resources("cpus:1;mem:100"));
        });
    assertThat(metric("master/cpus_used")).isEqualTo(2);
    assertThat(metric("allocator/mesos/resources/cpus/offered_or_allocated")).isEqualTo(4);
  }

  @Test
  void offersNameTheExecutorsOfTheirFrameworkAlone() {
    launch("t1");
    scenario.pass(Duration.ofSeconds(6));
    assertThat(scheduler.events(SchedulerNotice.Offers.class).getLast().offers())
        .singleElement()
        .satisfies(o -> assertThat(o.executorIds()).containsExactly("e"));
    scheduler.disconnect();
    var other = scenario.subscribe(framework());
    assertThat(other.events(SchedulerNotice.Offers.class).getLast().offers())
        .singleElement()
        .satisfies(o -> assertThat(o.executorIds()).isEmpty());
  }

  @Test
  void executorOutlivesItsTasksAndItsEndFreesItsResources() {
    launch("t1");
    over("t1");
    assertThat(executors()).hasSize(1);
    scheduler.events();
    agent.executorExited(scheduler.id, "e", 9);
    assertThat(scheduler.failures()).containsExactly(new SchedulerNotice.Failure(agent.id, "e", 9));
    assertThat(executors()).isEmpty();
    assertThat(metric("master/messages_exited_executor")).isEqualTo(1);
    assertThat(metric("master/cpus_used")).isZero();
    agent.executorExited(scheduler.id, "e", 9); // Not known any more: passed over.
    assertThat(scheduler.failures()).isEmpty();
  }

  @Test
  void sameIdMayBeAnotherExecutorOnceItIsGone() {
    launch("t1");
    over("t1");
    scenario.pass(Duration.ofSeconds(6));
    var offer = scheduler.offer();
    ExecutorInfo changed = executor("e", "cpus:2;mem:100");
    scheduler.accept(offer, task("t2", offer, "cpus:1;mem:50", changed));
    assertThat(scheduler.updates())
        .singleElement()
        .satisfies(s -> {
          assertThat(s.getReason()).isEqualTo(TaskStatus.Reason.REASON_TASK_INVALID);
          assertThat(s.getMessage())
              .startsWith(
                  "ExecutorInfo is not compatible with existing ExecutorInfo with same ExecutorID.\n")
              .contains("Existing ExecutorInfo:\n", "\nExecutorInfo:\n");
        });
    agent.executorExited(scheduler.id, "e", 0);
    scenario.pass(Duration.ofSeconds(6));
    var later = scheduler.offer();
    scheduler.accept(later, task("t3", later, "cpus:1;mem:50", changed));
    assertThat(scheduler.updates()).isEmpty();
    assertThat(executors().getFirst().resources()).isEqualTo(resources("cpus:2;mem:100"));
  }

  @Test
  void frameworksEndTakesItsExecutorsAlsoIdleOnes() {
    launch("t1");
    over("t1");
    agent.messages();
    scheduler.call(Call.Type.TEARDOWN);
    assertThat(agent.messages()).anyMatch(ToAgent::hasShutdownFramework);
    var next = scenario.subscribe(framework());
    assertThat(next.offer().resources()).isEqualTo(resources("cpus:4;mem:1000"));
  }

  @Test
  void unreachableAgentTakesItsExecutorsAndBringsThemBack() {
    launch("t1");
    agent.update(scheduler.id, "t1", TaskState.TASK_RUNNING);
    scheduler.events();
    agent.disconnect();
    assertThat(executors()).hasSize(1);
    scenario.pass(Duration.ofMinutes(11));
    assertThat(executors()).isEmpty();
    assertThat(scheduler.failures())
        .containsExactly(new SchedulerNotice.Failure(agent.id, null, null));
    agent.register(
        List.of(), List.of(owned(executor)), agent.running(scheduler.id, "t1", "cpus:0.5;mem:50"));
    assertThat(executors()).extracting(Executor::id).containsExactly("e");
    assertThat(scheduler.offer().resources()).isEqualTo(resources("cpus:2.5;mem:850"));
  }

  private ExecutorInfo owned(ExecutorInfo info) {
    return info.toBuilder().setFrameworkId(FrameworkID.newBuilder().setValue(scheduler.id)).build();
  }

  @Test
  void executorThatItsAgentDoesNotListIsGoneAndOneThatItListsIsThere() {
    launch("t1");
    agent.update(scheduler.id, "t1", TaskState.TASK_RUNNING);
    agent.disconnect();
    scheduler.events();
    agent.register(
        List.of(),
        List.of(owned(executor("other", "cpus:2;mem:10"))),
        agent.running(scheduler.id, "t1", "cpus:0.5;mem:50"));
    assertThat(scheduler.events())
        .contains(new SchedulerNotice.Failure(agent.id, "e", -1))
        .last()
        .isInstanceOfSatisfying(
            SchedulerNotice.Offers.class,
            o -> assertThat(o.offers().getFirst().executorIds()).containsExactly("other"));
    assertThat(executors()).extracting(Executor::id).containsExactly("other");
    assertThat(metric("master/cpus_used")).isEqualTo(2.5);
    agent.executorExited(scheduler.id, "other", 0);
    assertThat(metric("master/cpus_used")).isEqualTo(0.5);
  }

  @Test
  void agentWithoutCheckpointsLosesExecutorsWithItsLink() {
    var hasty = scenario.subscribe(framework());
    scheduler.call(Call.Type.SUPPRESS);
    scheduler.decline(scheduler.offer(), 1000);
    var offer = hasty.offer();
    hasty.accept(offer, task("h", offer, "cpus:1;mem:10", executor));
    assertThat(scenario.snapshot().frameworks().getLast().executors()).hasSize(1);
    agent.disconnect();
    assertThat(scenario.snapshot().frameworks().getLast().executors()).isEmpty();
    assertThat(hasty.updates().getLast().getState()).isEqualTo(TaskState.TASK_LOST);
  }

  @Test
  void executorsMakeTheirFrameworkKnownToANewMaster() {
    agent.id = "s-of-old";
    agent.disconnect();
    agent.register(
        List.of(framework().setId(FrameworkID.newBuilder().setValue("f")).build()),
        List.of(
            executor("e", "cpus:1;mem:10").toBuilder()
                .setFrameworkId(FrameworkID.newBuilder().setValue("f"))
                .build(),
            executor("orphan", "cpus:1;mem:10").toBuilder()
                .setFrameworkId(FrameworkID.newBuilder().setValue("nobody"))
                .build()));
    var recovered = scenario.snapshot().frameworks().getLast();
    assertThat(recovered.id()).isEqualTo("f");
    assertThat(recovered.isRecovered()).isTrue();
    assertThat(recovered.executors()).extracting(Executor::id).containsExactly("e");
    assertThat(agent.messages())
        .filteredOn(ToAgent::hasShutdownFramework)
        .extracting(m -> m.getShutdownFramework().getFrameworkId().getValue())
        .containsExactly("nobody");
  }

  @Test
  void agentThatRunsMoreThanItHasIsRefused() {
    launch("t1");
    agent.disconnect();
    agent.register(List.of(), List.of(owned(executor), owned(executor("big", "cpus:3;mem:10"))));
    assertThat(agent.messages())
        .singleElement()
        .satisfies(m -> assertThat(m.getRefused().getMessage()).contains("uses more than it has"));
    assertThat(scenario.snapshot().agents().getFirst().isConnected()).isFalse();
    agent.register(List.of(), List.of(owned(executor)));
    assertThat(agent.messages().getFirst().hasRegistered()).isTrue();
  }

  @Test
  void twoThatUseTheSamePortsAreMoreThanThereIs() {
    var ports = scenario.agent(5052, "cpus:4;mem:1000;ports:[1-9]");
    ports.disconnect();
    ports.messages();
    ports.register(
        List.of(),
        List.of(
            owned(executor("e1", "cpus:1;ports:[1-2]")),
            owned(executor("e2", "cpus:1;ports:[2-3]"))));
    assertThat(ports.messages().getFirst().hasRefused()).isTrue();
    ports.id = "s-of-old";
    ports.register(
        List.of(framework().setId(FrameworkID.newBuilder().setValue(scheduler.id)).build()),
        ports.running(scheduler.id, "p1", "cpus:1;ports:[1-2]"),
        ports.running(scheduler.id, "p2", "cpus:1;ports:[2-3]"));
    assertThat(ports.messages().getFirst().hasRefused()).isTrue();
  }

  private void refused(ExecutorInfo wrong, String why) {
    var offer = scheduler.offer();
    scheduler.accept(offer, task("t", offer, "cpus:1;mem:50", wrong));
    assertThat(scheduler.updates())
        .singleElement()
        .satisfies(s -> {
          assertThat(s.getReason()).isEqualTo(TaskStatus.Reason.REASON_TASK_INVALID);
          assertThat(s.getMessage()).isEqualTo(why);
        });
    assertThat(executors()).isEmpty();
    scenario.pass(Duration.ofSeconds(6));
  }

  @Test
  void wrongExecutorsAreRefusedInMesosWords() {
    refused(
        executor.toBuilder().setFrameworkId(FrameworkID.newBuilder().setValue("f")).build(),
        "ExecutorInfo has an invalid FrameworkID (Actual: f vs Expected: " + scheduler.id + ")");
    refused(
        executor.toBuilder().setType(ExecutorInfo.Type.DEFAULT).clearCommand().build(),
        "'ExecutorInfo.type' must be 'CUSTOM'");
    refused(executor.toBuilder().clearCommand().build(), "'ExecutorInfo.command' must be set");
    refused(executor("a/b", "cpus:1"), "'a/b' contains invalid characters");
    refused(
        executor.toBuilder()
            .setShutdownGracePeriod(DurationInfo.newBuilder().setNanoseconds(-1))
            .build(),
        "ExecutorInfo's 'shutdown_grace_period' must be non-negative");
    ExecutorInfo.Builder twoRoles = executor.toBuilder();
    twoRoles.getResourcesBuilder(0).getAllocationInfoBuilder().setRole("a");
    twoRoles.getResourcesBuilder(1).getAllocationInfoBuilder().setRole("b");
    refused(
        twoRoles.build(),
        "Invalid executor resources: The resources have multiple allocation roles ('b' and 'a') but"
            + " only one allocation role is allowed");
    ExecutorInfo.Builder negative = executor.toBuilder();
    negative.getResourcesBuilder(0).getScalarBuilder().setValue(-1);
    refused(
        negative.build(),
        "Executor uses invalid resources: Resource 'cpus:-1.0' is invalid: Invalid scalar resource:"
            + " value < 0");
    refused(
        executor("e", "cpus:3.5;mem:10"),
        "Total resources cpus(allocated: *):4.5; mem(allocated: *):60 required by task and its"
            + " executor is more than available cpus(allocated: *):4; mem(allocated: *):1000");
  }

  @Test
  void orderOfVariablesDoesNotMakeAnotherExecutor() {
    var offer = scheduler.offer();
    scheduler.accept(
        offer,
        task("t1", offer, "cpus:0.5", withVariables("A", "B")),
        task("t2", offer, "cpus:0.5", withVariables("B", "A")),
        task("t3", offer, "cpus:0.5", withVariables("A", "C")));
    assertThat(scheduler.updates()).extracting(s -> s.getTaskId().getValue()).containsExactly("t3");
    assertThat(executors()).hasSize(1);
  }

  private ExecutorInfo withVariables(String... names) {
    ExecutorInfo.Builder info = executor.toBuilder();
    for (String name : names) {
      info.getCommandBuilder()
          .getEnvironmentBuilder()
          .addVariablesBuilder()
          .setName(name)
          .setValue("v");
    }
    return info.build();
  }

  private MasterCommand.Answer send(String agentId, String executorId) {
    return scheduler.call(
        Call.newBuilder()
            .setType(Call.Type.MESSAGE)
            .setMessage(
                Call.Message.newBuilder()
                    .setAgentId(AgentID.newBuilder().setValue(agentId))
                    .setExecutorId(ExecutorID.newBuilder().setValue(executorId))
                    .setData(ByteString.copyFromUtf8("hello"))));
  }

  @Test
  void messagesGoBothWaysWhileBothEndsAreThere() {
    launch("t1");
    agent.messages();
    assertThat(send(agent.id, "e").status()).isEqualTo(202);
    assertThat(send("nowhere", "e").status()).isEqualTo(202);
    assertThat(agent.messages())
        .singleElement()
        .satisfies(m -> {
          assertThat(m.getExecutorMessage().getExecutorId().getValue()).isEqualTo("e");
          assertThat(m.getExecutorMessage().getData().toStringUtf8()).isEqualTo("hello");
        });
    ExecutorMessage.Builder answer =
        ExecutorMessage.newBuilder()
            .setFrameworkId(FrameworkID.newBuilder().setValue(scheduler.id))
            .setExecutorId(ExecutorID.newBuilder().setValue("e"))
            .setData(ByteString.copyFromUtf8("here"));
    agent.say(ToMaster.newBuilder().setExecutorMessage(answer));
    assertThat(scheduler.events(SchedulerNotice.ExecutorMessage.class))
        .containsExactly(
            new SchedulerNotice.ExecutorMessage(agent.id, "e", ByteString.copyFromUtf8("here")));
    scheduler.disconnect();
    agent.say(ToMaster.newBuilder().setExecutorMessage(answer));
    assertThat(metric("master/messages_framework_to_executor")).isEqualTo(2);
    assertThat(metric("master/valid_framework_to_executor_messages")).isEqualTo(1);
    assertThat(metric("master/invalid_framework_to_executor_messages")).isEqualTo(1);
    assertThat(metric("master/messages_executor_to_framework")).isEqualTo(2);
    assertThat(metric("master/valid_executor_to_framework_messages")).isEqualTo(1);
    assertThat(metric("master/invalid_executor_to_framework_messages")).isEqualTo(1);
  }

  @Test
  void shutdownReachesTheExecutorOfThatAgentAlone() {
    launch("t1");
    agent.messages();
    var shutdown = Call.Shutdown.newBuilder().setExecutorId(ExecutorID.newBuilder().setValue("e"));
    for (String agentId : List.of("nowhere", agent.id)) {
      assertThat(agent.messages()).isEmpty();
      shutdown.setAgentId(AgentID.newBuilder().setValue(agentId));
      scheduler.call(Call.newBuilder().setType(Call.Type.SHUTDOWN).setShutdown(shutdown));
    }
    assertThat(agent.messages())
        .singleElement()
        .satisfies(
            m -> assertThat(m.getShutdownExecutor().getExecutorId().getValue()).isEqualTo("e"));
  }

  @Test
  void masterMadeUpdatesNameTheExecutor() {
    launch("t1");
    scheduler.events();
    scheduler.reconcile("t1");
    assertThat(scheduler.updates().getLast().getExecutorId().getValue()).isEqualTo("e");
  }
}
