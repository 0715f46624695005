package io.perigee.agent.core;

import io.perigee.common.loop.Outcome;
import io.perigee.link.Acknowledge;
import io.perigee.link.KillTask;
import io.perigee.link.MissingTask;
import io.perigee.link.Registered;
import io.perigee.link.RunTasks;
import io.perigee.link.StatusUpdate;
import io.perigee.link.ToAgent;
import io.perigee.link.ToMaster;
import io.perigee.mesos.v1.AgentID;
import io.perigee.mesos.v1.AgentInfo;
import io.perigee.mesos.v1.CommandInfo;
import io.perigee.mesos.v1.FrameworkID;
import io.perigee.mesos.v1.FrameworkInfo;
import io.perigee.mesos.v1.KillPolicy;
import io.perigee.mesos.v1.TaskID;
import io.perigee.mesos.v1.TaskInfo;
import io.perigee.mesos.v1.TaskStatus;
import io.perigee.model.ResourceText;
import io.perigee.model.ResourceWire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** An agent core with its clock, its master and its containers in the test's hand. */
final class AgentScenario {
  static final FrameworkInfo FRAMEWORK =
      FrameworkInfo.newBuilder()
          .setId(FrameworkID.newBuilder().setValue("fw"))
          .setUser("alice")
          .setName("test")
          .build();

  final AgentCore core;
  private final List<AgentCommand> commands = new ArrayList<>();
  private final Outcome<Void, AgentCommand> outcome = new Outcome<>();
  private long nowNanos = 1_000_000_000_000L;
  private long nextLink = 1;
  private long link;

  AgentScenario() {
    core =
        new AgentCore(
            AgentConfig.defaults(
                AgentInfo.newBuilder().setHostname("h").setPort(5051).build(),
                "10.0.0.5",
                "/w",
                "process-1",
                7));
    happen(new AgentEvent.Started());
  }

  void happen(AgentEvent event) {
    nowNanos += 1_000_000;
    core.decide(nowNanos, event, outcome);
    commands.addAll(outcome.commands());
    outcome.clear();
  }

  void pass(Duration duration) {
    long end = nowNanos + duration.toNanos();
    while (core.nextDeadlineNanos() <= end) {
      nowNanos = Math.max(nowNanos, core.nextDeadlineNanos());
      core.wake(nowNanos, outcome);
      commands.addAll(outcome.commands());
      outcome.clear();
    }
    nowNanos = end;
  }

  <T extends AgentCommand> List<T> take(Class<T> kind) {
    List<T> taken = commands.stream().filter(kind::isInstance).map(kind::cast).toList();
    commands.removeIf(kind::isInstance);
    return taken;
  }

  void connect(MissingTask... missing) {
    link = nextLink++;
    happen(new AgentEvent.LinkOpened(link));
    say(
        ToAgent.newBuilder()
            .setRegistered(
                Registered.newBuilder()
                    .setAgentId(AgentID.newBuilder().setValue("m-S0"))
                    .setSilenceLimitNanos(Duration.ofSeconds(75).toNanos())
                    .addAllMissingTasks(List.of(missing))));
  }

  void disconnect() {
    happen(new AgentEvent.LinkClosed(link));
  }

  void say(ToAgent.Builder message) {
    happen(new AgentEvent.MasterSays(link, message.build()));
  }

  List<ToMaster> told() {
    return take(AgentCommand.Tell.class).stream().map(AgentCommand.Tell::message).toList();
  }

  List<TaskStatus> updates() {
    return told().stream()
        .filter(ToMaster::hasStatusUpdate)
        .map(ToMaster::getStatusUpdate)
        .map(StatusUpdate::getStatus)
        .toList();
  }

  static TaskInfo.Builder task(String id, String command) {
    return TaskInfo.newBuilder()
        .setName(id)
        .setTaskId(TaskID.newBuilder().setValue(id))
        .setAgentId(AgentID.newBuilder().setValue("m-S0"))
        .setCommand(CommandInfo.newBuilder().setValue(command))
        .addAllResources(
            ResourceWire.write(
                ResourceText.parseResources("cpus:1;mem:64", "*").orElseThrow().allocatedTo("dev"),
                ResourceWire.Format.POST_REFINEMENT));
  }

  void run(FrameworkInfo framework, TaskInfo.Builder... tasks) {
    RunTasks.Builder run = RunTasks.newBuilder().setFrameworkInfo(framework);
    for (TaskInfo.Builder task : tasks) {
      run.addTasks(task);
      if (task.hasExecutor()) {
        run.addNewExecutors(task.getExecutor().getExecutorId());
      }
    }
    say(ToAgent.newBuilder().setRunTasks(run));
  }

  /** Launches a task and lets its container start; returns the container's id. */
  String start(TaskInfo.Builder task) {
    return start(FRAMEWORK, task);
  }

  String start(FrameworkInfo framework, TaskInfo.Builder task) {
    run(framework, task);
    String containerId = take(AgentCommand.LaunchContainer.class).getLast().containerId();
    happen(new AgentEvent.ContainerStarted(containerId, 4711));
    return containerId;
  }

  void exit(String containerId, ContainerExit exit) {
    happen(new AgentEvent.ContainerExited(containerId, exit));
  }

  void kill(String taskId, Duration grace) {
    say(
        ToAgent.newBuilder()
            .setKillTask(
                KillTask.newBuilder()
                    .setFrameworkId(FRAMEWORK.getId())
                    .setTaskId(TaskID.newBuilder().setValue(taskId))
                    .setKillPolicy(policy(grace))));
  }

  static KillPolicy policy(Duration grace) {
    KillPolicy.Builder policy = KillPolicy.newBuilder();
    policy.getGracePeriodBuilder().setNanoseconds(grace.toNanos());
    return policy.build();
  }

  void acknowledge(TaskStatus status) {
    say(
        ToAgent.newBuilder()
            .setAcknowledge(
                Acknowledge.newBuilder()
                    .setFrameworkId(FRAMEWORK.getId())
                    .setTaskId(status.getTaskId())
                    .setUuid(status.getUuid())));
  }

  /** Acknowledges whatever comes until nothing more does. */
  List<TaskStatus> acknowledgeAll() {
    List<TaskStatus> all = new ArrayList<>();
    for (List<TaskStatus> some = updates(); !some.isEmpty(); some = updates()) {
      all.addAll(some);
      some.forEach(this::acknowledge);
    }
    return all;
  }

  AgentSnapshot snapshot() {
    happen(new AgentEvent.SnapshotWanted(1));
    return take(AgentCommand.Deliver.class).getLast().snapshot();
  }
}
