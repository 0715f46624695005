package io.perigee.agent.daemon;

import io.perigee.agent.core.AgentSnapshot;
import io.perigee.agent.core.AgentSnapshot.ExecutorKind;
import io.perigee.mesos.v1.Task;
import io.perigee.mesos.v1.TaskInfo;
import io.perigee.mesos.v1.TaskState;
import io.perigee.mesos.v1.agent.Response.GetExecutors;
import io.perigee.mesos.v1.agent.Response.GetFrameworks;
import io.perigee.mesos.v1.agent.Response.GetState;
import io.perigee.mesos.v1.agent.Response.GetTasks;
import java.util.List;
import java.util.stream.Stream;

/** The agent's state as messages of its operator API. Source: mesos/src/slave/http.cpp. */
final class AgentMessages {
  private AgentMessages() {}

  static GetState state(AgentSnapshot snapshot) {
    return GetState.newBuilder()
        .setGetTasks(tasks(snapshot))
        .setGetExecutors(executors(snapshot))
        .setGetFrameworks(frameworks(snapshot))
        .build();
  }

  static GetFrameworks frameworks(AgentSnapshot snapshot) {
    return GetFrameworks.newBuilder()
        .addAllFrameworks(frameworks(snapshot.frameworks()))
        .addAllCompletedFrameworks(frameworks(snapshot.completedFrameworks()))
        .build();
  }

  private static List<GetFrameworks.Framework> frameworks(
      List<AgentSnapshot.Framework> frameworks) {
    return frameworks.stream()
        .map(f -> GetFrameworks.Framework.newBuilder().setFrameworkInfo(f.info()).build())
        .toList();
  }

  static GetExecutors executors(AgentSnapshot snapshot) {
    GetExecutors.Builder all = GetExecutors.newBuilder();
    for (AgentSnapshot.Framework framework : snapshot.frameworks()) {
      framework.executors().forEach(executor -> all.addExecutors(message(executor)));
    }
    allFrameworks(snapshot)
        .flatMap(framework -> framework.completedExecutors().stream())
        .forEach(executor -> all.addCompletedExecutors(message(executor)));
    return all.build();
  }

  private static GetExecutors.Executor message(AgentSnapshot.Executor executor) {
    return GetExecutors.Executor.newBuilder().setExecutorInfo(executor.info()).build();
  }

  static GetTasks tasks(AgentSnapshot snapshot) {
    GetTasks.Builder all = GetTasks.newBuilder();
    allFrameworks(snapshot)
        .flatMap(framework ->
            Stream.concat(framework.executors().stream(), framework.completedExecutors().stream()))
        .forEach(executor -> {
          executor.queuedTasks().forEach(task -> all.addQueuedTasks(queued(executor, task)));
          all.addAllLaunchedTasks(executor.launchedTasks())
              .addAllTerminatedTasks(executor.terminatedTasks())
              .addAllCompletedTasks(executor.completedTasks());
        });
    return all.build();
  }

  private static Stream<AgentSnapshot.Framework> allFrameworks(AgentSnapshot snapshot) {
    return Stream.concat(snapshot.frameworks().stream(), snapshot.completedFrameworks().stream());
  }

  /** A task that its executor was not told of, as protobuf::createTask makes it. */
  private static Task queued(AgentSnapshot.Executor executor, TaskInfo info) {
    Task.Builder task =
        Task.newBuilder()
            .setName(info.getName())
            .setTaskId(info.getTaskId())
            .setFrameworkId(executor.info().getFrameworkId())
            .setAgentId(info.getAgentId())
            .setState(TaskState.TASK_STAGING)
            .addAllResources(info.getResourcesList())
            .putAllLimits(info.getLimitsMap());
    if (executor.kind() != ExecutorKind.COMMAND) {
      task.setExecutorId(executor.info().getExecutorId());
    }
    if (info.hasLabels()) {
      task.setLabels(info.getLabels());
    }
    if (info.hasDiscovery()) {
      task.setDiscovery(info.getDiscovery());
    }
    if (info.hasContainer()) {
      task.setContainer(info.getContainer());
    }
    if (info.hasHealthCheck()) {
      task.setHealthCheck(info.getHealthCheck());
    }
    if (info.hasKillPolicy()) {
      task.setKillPolicy(info.getKillPolicy());
    }
    if (info.getCommand().hasUser()) {
      task.setUser(info.getCommand().getUser());
    }
    return task.build();
  }
}
