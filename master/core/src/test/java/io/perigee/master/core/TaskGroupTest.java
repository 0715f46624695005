package io.perigee.master.core;

import static io.perigee.master.core.Scenario.executor;
import static io.perigee.master.core.Scenario.framework;
import static io.perigee.master.core.Scenario.resources;
import static io.perigee.master.core.Scenario.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.link.RunTasks;
import io.perigee.link.ToAgent;
import io.perigee.mesos.v1.ContainerInfo;
import io.perigee.mesos.v1.ExecutorInfo;
import io.perigee.mesos.v1.FrameworkID;
import io.perigee.mesos.v1.LinuxInfo;
import io.perigee.mesos.v1.TaskInfo;
import io.perigee.mesos.v1.TaskState;
import io.perigee.mesos.v1.TaskStatus;
import io.perigee.mesos.v1.Value;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** LAUNCH_GROUP: all tasks of a group, or none. */
class TaskGroupTest {
  private final Scenario scenario = new Scenario();
  private final Audit audit = scenario.core.audit();
  private final Scenario.Scheduler scheduler = scenario.subscribe(framework());
  private final Scenario.AgentPeer agent =
      scenario.agent(5051, "cpus:4;mem:1000;disk:100;ports:[1-9]");

  private ExecutorInfo.Builder pod(String resources) {
    return executor("pod", resources).toBuilder()
        .clearCommand()
        .setType(ExecutorInfo.Type.DEFAULT)
        .setFrameworkId(FrameworkID.newBuilder().setValue(scheduler.id));
  }

  private ExecutorInfo.Builder pod() {
    return pod("cpus:0.1;mem:32;disk:32");
  }

  @AfterEach
  void booksBalance() {
    assertThat(audit.problems()).isEmpty();
  }

  @Test
  void groupIsDeliveredWholeWithItsExecutor() {
    var offer = scheduler.offer();
    scheduler.launchGroup(
        offer, pod().build(), task("g1", offer, "cpus:1;mem:32"), task("g2", offer, "cpus:1"));
    RunTasks run = agent.run();
    assertThat(run.getTasksList()).hasSize(2);
    assertThat(run.getTasksList())
        .allSatisfy(t -> assertThat(t.getExecutor()).isEqualTo(run.getGroupExecutor()));
    assertThat(run.getGroupExecutor().getResources(0).getAllocationInfo().getRole()).isEqualTo("*");
    assertThat(run.getNewExecutorsList()).containsExactly(pod().getExecutorId());
    var known = scenario.snapshot().frameworks().getFirst();
    assertThat(known.tasks()).extracting(t -> t.executorId()).containsExactly("pod", "pod");
    assertThat(known.executors()).hasSize(1);
    scenario.pass(Duration.ofSeconds(6));
    assertThat(scheduler.offer().resources())
        .isEqualTo(resources("cpus:1.9;mem:936;disk:68;ports:[1-9]"));
  }

  @Test
  void secondGroupOfTheExecutorPaysForItsTasksAlone() {
    var offer = scheduler.offer();
    scheduler.launchGroup(offer, pod().build(), task("g1", offer, "cpus:1;mem:32"));
    scenario.pass(Duration.ofSeconds(6));
    var second = scheduler.offer();
    scheduler.launchGroup(second, pod().build(), task("g2", second, "cpus:1;mem:32"));
    assertThat(agent.run().getNewExecutorsList()).isEmpty();
    scenario.pass(Duration.ofSeconds(6));
    assertThat(scheduler.offer().resources())
        .isEqualTo(resources("cpus:1.9;mem:904;disk:68;ports:[1-9]"));
  }

  private void refused(ExecutorInfo executor, UnaryOperator<TaskInfo.Builder> second, String why) {
    var offer = scheduler.offer();
    scheduler.launchGroup(
        offer,
        executor,
        task("g1", offer, "cpus:1"),
        second.apply(task("g2", offer, "cpus:1").toBuilder()).build());
    assertThat(scheduler.updates())
        .hasSize(2)
        .allSatisfy(s -> {
          assertThat(s.getState()).isEqualTo(TaskState.TASK_ERROR);
          assertThat(s.getSource()).isEqualTo(TaskStatus.Source.SOURCE_MASTER);
          assertThat(s.getReason()).isEqualTo(TaskStatus.Reason.REASON_TASK_GROUP_INVALID);
          assertThat(s.getMessage()).isEqualTo(why);
        });
    assertThat(agent.messages()).noneMatch(ToAgent::hasRunTasks);
    assertThat(scenario.snapshot().frameworks().getFirst().executors()).isEmpty();
    scenario.pass(Duration.ofSeconds(6));
  }

  @Test
  void oneWrongTaskFailsAll() {
    refused(pod().build(), t -> t.clearResources(), "Task 'g2' is invalid: Task uses no resources");
    refused(
        pod().build(),
        t -> t.setTaskId(t.getTaskIdBuilder().setValue("g1")),
        "Task 'g1' is invalid: Task has duplicate ID: g1");
    refused(
        pod().build(),
        t -> t.setContainer(docker()),
        "Task 'g2' is invalid: Docker ContainerInfo is not supported on the task");
    refused(
        pod().build(),
        t -> t.putLimits("cpus", Value.Scalar.newBuilder().setValue(2).build()),
        "Task 'g2' is invalid: Resource limits may only be set for tasks within a task group when"
            + " the 'share_cgroups' field is set to 'false'.");
    refused(
        pod().build(),
        t -> t.setContainer(alone()),
        "If set, the value of 'share_cgroups' must be the same for all tasks in each task group and"
            + " under a single executor");
    refused(
        pod().build(),
        t -> t.setExecutor(pod("cpus:0.2;mem:32;disk:32")),
        "The `ExecutorInfo` of task 'g2' is different from executor 'pod'");
    refused(
        pod().build(),
        t -> {
          t.getResourcesBuilder(0).getScalarBuilder().setValue(3);
          return t;
        },
        "Total resources cpus(allocated: *):4.1; mem(allocated: *):32; disk(allocated: *):32"
            + " required by task group and its executor are more than available"
            + " cpus(allocated: *):4; mem(allocated: *):1000; disk(allocated: *):100;"
            + " ports(allocated: *):[1-9]");
  }

  private static ContainerInfo docker() {
    return ContainerInfo.newBuilder()
        .setType(ContainerInfo.Type.DOCKER)
        .setDocker(ContainerInfo.DockerInfo.newBuilder().setImage("i"))
        .build();
  }

  private static ContainerInfo alone() {
    return ContainerInfo.newBuilder()
        .setType(ContainerInfo.Type.MESOS)
        .setLinuxInfo(LinuxInfo.newBuilder().setShareCgroups(false))
        .build();
  }

  @Test
  void wrongExecutorFailsAll() {
    refused(
        pod("mem:32;disk:32").build(),
        t -> t,
        "Executor 'pod' uses less CPUs (None) than the minimum required (0.01)");
    refused(
        pod("cpus:0.005;mem:32;disk:32").build(),
        t -> t,
        "Executor 'pod' uses less CPUs (0.005) than the minimum required (0.01)");
    refused(
        pod("cpus:0.1;mem:16;disk:32").build(),
        t -> t,
        "Executor 'pod' uses less memory (16MB) than the minimum required (32MB)");
    refused(pod("cpus:0.1;mem:32").build(), t -> t, "Executor 'pod' uses no disk");
    refused(pod().clearType().build(), t -> t, "'ExecutorInfo.type' must be set");
    refused(
        pod().setType(ExecutorInfo.Type.CUSTOM).build(),
        t -> t,
        "'ExecutorInfo.command' must be set for 'CUSTOM' executor");
    refused(
        pod().setCommand(executor("e", "cpus:1").getCommand()).build(),
        t -> t,
        "'ExecutorInfo.command' must not be set for 'DEFAULT' executor");
    refused(pod().clearFrameworkId().build(), t -> t, "'ExecutorInfo.framework_id' must be set");
    refused(
        pod().setContainer(docker()).build(),
        t -> t,
        "'ExecutorInfo.container.type' must be 'MESOS' for 'DEFAULT' executor");
  }

  @Test
  void overlappingPortsAreRefused() {
    refused(
        pod("cpus:0.1;mem:32;disk:32;ports:[1-3]").build(),
        t -> t.addResources(task("p", anyOffer(), "ports:[3-4]").getResources(0)),
        "There are overlapping resources in the task group's task resources [ cpus(allocated: *):1,"
            + " cpus(allocated: *):1; ports(allocated: *):[3-4] ] and/or executor resources"
            + " cpus(allocated: *):0.1; mem(allocated: *):32; disk(allocated: *):32;"
            + " ports(allocated: *):[1-3]");
  }

  private io.perigee.master.core.cluster.Offer anyOffer() {
    return new io.perigee.master.core.cluster.Offer(
        "o", 0, 0, scheduler.id, agent.id, "*", resources("cpus:1"));
  }

  @Test
  void invalidOffersDropTheWholeGroup() {
    var offer = scheduler.offer();
    scheduler.decline(offer, 0);
    scheduler.launchGroup(
        offer, pod().build(), task("g1", offer, "cpus:1"), task("g2", offer, "cpus:1"));
    assertThat(scheduler.updates())
        .hasSize(2)
        .allSatisfy(
            s -> assertThat(s.getReason()).isEqualTo(TaskStatus.Reason.REASON_INVALID_OFFERS));
  }
}
