package io.perigee.agent.core;

import com.google.protobuf.ByteString;
import io.perigee.link.RunTasks;
import io.perigee.link.ToAgent;
import io.perigee.mesos.v1.CommandInfo;
import io.perigee.mesos.v1.ExecutorID;
import io.perigee.mesos.v1.ExecutorInfo;
import io.perigee.mesos.v1.FrameworkInfo;
import io.perigee.mesos.v1.TaskID;
import io.perigee.mesos.v1.TaskInfo;
import io.perigee.mesos.v1.TaskState;
import io.perigee.mesos.v1.TaskStatus;
import io.perigee.mesos.v1.executor.Call;
import io.perigee.mesos.v1.executor.Event;
import io.perigee.model.ResourceText;
import io.perigee.model.ResourceWire;
import java.util.List;

/** An executor that speaks the executor API, in the test's hand. */
final class ExecutorPeer {
  static final String ID = "ex";

  private final AgentScenario scenario;
  private final String id;
  private long numbers = 1000;
  private int uuids;
  long stream;
  String containerId = "";

  ExecutorPeer(AgentScenario scenario, String id) {
    this.scenario = scenario;
    this.id = id;
  }

  static ExecutorInfo.Builder info(String id, ExecutorInfo.Type type) {
    ExecutorInfo.Builder info =
        ExecutorInfo.newBuilder()
            .setType(type)
            .setExecutorId(ExecutorID.newBuilder().setValue(id))
            .addAllResources(
                ResourceWire.write(
                    ResourceText.parseResources("cpus:0.1;mem:32", "*")
                        .orElseThrow()
                        .allocatedTo("dev"),
                    ResourceWire.Format.POST_REFINEMENT));
    if (type == ExecutorInfo.Type.CUSTOM) {
      info.setName("custom").setCommand(CommandInfo.newBuilder().setValue("exec run-me"));
    }
    return info;
  }

  static ExecutorInfo.Builder custom() {
    return info(ID, ExecutorInfo.Type.CUSTOM);
  }

  /** A task for the executor {@link #custom}: cpus:1;mem:64. */
  static TaskInfo.Builder task(String taskId) {
    return AgentScenario.task(taskId, "").clearCommand().setExecutor(custom());
  }

  static void runGroup(
      AgentScenario scenario,
      FrameworkInfo framework,
      ExecutorInfo.Builder executor,
      TaskInfo.Builder... tasks) {
    RunTasks.Builder run =
        RunTasks.newBuilder()
            .setFrameworkInfo(framework)
            .setGroupExecutor(executor)
            .addNewExecutors(executor.getExecutorId());
    for (TaskInfo.Builder task : tasks) {
      run.addTasks(task);
    }
    scenario.say(ToAgent.newBuilder().setRunTasks(run));
  }

  /** Launches a task with this executor, whose process starts and subscribes. */
  static ExecutorPeer running(AgentScenario scenario, TaskInfo.Builder... tasks) {
    ExecutorPeer executor = new ExecutorPeer(scenario, ID);
    scenario.run(AgentScenario.FRAMEWORK, tasks);
    executor.start();
    executor.subscribe();
    return executor;
  }

  /** Its process starts. */
  void start() {
    containerId = scenario.take(AgentCommand.LaunchContainer.class).getLast().containerId();
    scenario.happen(new AgentEvent.ContainerStarted(containerId, 4711));
  }

  void subscribe() {
    subscribe(Call.Subscribe.newBuilder());
  }

  void subscribe(Call.Subscribe.Builder subscribe) {
    stream = numbers++;
    scenario.happen(
        new AgentEvent.ExecutorSubscribes(
            stream, call(Call.Type.SUBSCRIBE).setSubscribe(subscribe).build()));
  }

  void loseStream() {
    scenario.happen(new AgentEvent.ExecutorGone(stream));
  }

  Call.Builder call(Call.Type type) {
    return Call.newBuilder()
        .setType(type)
        .setFrameworkId(AgentScenario.FRAMEWORK.getId())
        .setExecutorId(ExecutorID.newBuilder().setValue(id));
  }

  /** Calls, and returns the answer. */
  AgentCommand.AnswerExecutor say(Call.Builder call) {
    long request = numbers++;
    scenario.happen(new AgentEvent.ExecutorCalls(request, call.build()));
    return scenario.take(AgentCommand.AnswerExecutor.class).stream()
        .filter(answer -> answer.number() == request)
        .findFirst()
        .orElseThrow();
  }

  TaskStatus.Builder status(String taskId, TaskState state) {
    byte[] uuid = new byte[16];
    uuid[0] = (byte) ++uuids;
    uuid[1] = (byte) (uuids >> 8);
    return TaskStatus.newBuilder()
        .setTaskId(TaskID.newBuilder().setValue(taskId))
        .setState(state)
        .setSource(TaskStatus.Source.SOURCE_EXECUTOR)
        .setTimestamp(12.5)
        .setUuid(ByteString.copyFrom(uuid));
  }

  AgentCommand.AnswerExecutor update(TaskStatus.Builder status) {
    Call.Builder call = call(Call.Type.UPDATE);
    call.getUpdateBuilder().setStatus(status);
    return say(call);
  }

  AgentCommand.AnswerExecutor update(String taskId, TaskState state) {
    return update(status(taskId, state));
  }

  /** What it heard since the last look, on the stream it has now. */
  List<Event> heard() {
    return scenario.take(AgentCommand.TellExecutor.class).stream()
        .filter(tell -> tell.stream() == stream)
        .map(AgentCommand.TellExecutor::event)
        .toList();
  }

  List<Event.Type> heardTypes() {
    return heard().stream().map(Event::getType).toList();
  }

  void exit(ContainerExit exit) {
    scenario.exit(containerId, exit);
  }
}
