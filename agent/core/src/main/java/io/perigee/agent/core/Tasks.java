package io.perigee.agent.core;

import com.google.protobuf.ByteString;
import io.perigee.common.Checked;
import io.perigee.common.Uuids;
import io.perigee.link.MissingTask;
import io.perigee.link.RunTasks;
import io.perigee.mesos.v1.AgentID;
import io.perigee.mesos.v1.ContainerID;
import io.perigee.mesos.v1.ContainerStatus;
import io.perigee.mesos.v1.ExecutorID;
import io.perigee.mesos.v1.FrameworkInfo;
import io.perigee.mesos.v1.FrameworkInfo.Capability;
import io.perigee.mesos.v1.KillPolicy;
import io.perigee.mesos.v1.NetworkInfo;
import io.perigee.mesos.v1.TaskID;
import io.perigee.mesos.v1.TaskInfo;
import io.perigee.mesos.v1.TaskResourceLimitation;
import io.perigee.mesos.v1.TaskState;
import io.perigee.mesos.v1.TaskStatus;
import io.perigee.model.Resource;
import io.perigee.model.ResourceWire;
import io.perigee.model.Resources;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Tasks from launch to end. Source: mesos/src/slave/slave.cpp and mesos/src/launcher/executor.cpp,
 * with their states and messages.
 */
final class Tasks {
  /** What a framework's shutdown leaves of its grace period for the tasks themselves. */
  private static final long EXECUTOR_SHARE_OF_GRACE_NANOS = 2_000_000_000L;

  private final Agent agent;
  private final Connection connection;

  Tasks(Agent agent, Connection connection) {
    this.agent = agent;
    this.connection = connection;
  }

  // Launching.

  void run(Turn turn, RunTasks message) {
    FrameworkRun framework =
        agent.frameworks.computeIfAbsent(
            message.getFrameworkInfo().getId().getValue(),
            id -> withHistory(message.getFrameworkInfo()));
    framework.info = message.getFrameworkInfo();
    for (TaskInfo task : message.getTasksList()) {
      launch(turn, framework, task);
    }
    forgetIfIdle(framework);
  }

  /** A framework that was here before is remembered with what it ran then. */
  private FrameworkRun withHistory(FrameworkInfo info) {
    FrameworkRun framework = new FrameworkRun(info);
    for (AgentSnapshot.Framework before : agent.completed) {
      if (before.info().getId().equals(info.getId())) {
        framework.completed.addAll(before.completedExecutors());
      }
    }
    agent.completed.removeIf(f -> f.info().getId().equals(info.getId()));
    return framework;
  }

  private void launch(Turn turn, FrameworkRun framework, TaskInfo task) {
    String taskId = task.getTaskId().getValue();
    if (framework.executors.containsKey(taskId)) {
      // The master never launches an id twice that is in use; a second copy would be lost track of.
      turn.log("task " + taskId + " of framework " + framework.id() + " is launched already");
      return;
    }
    String containerId = Uuids.random(agent.random).toString();
    ExecutorRun run =
        new ExecutorRun(
            framework,
            task,
            resources(task),
            containerId,
            directory(framework, taskId, containerId));
    framework.executors.put(taskId, run);
    String obstacle =
        agent.isStopping ? "the agent is shutting down" : CommandExecutor.obstacle(task);
    if (!obstacle.isEmpty()) {
      run.isLive = false;
      failLaunch(turn, run, obstacle);
      return;
    }
    agent.containers.put(containerId, run);
    turn.command(CommandExecutor.launch(agent, run));
  }

  private static Resources resources(TaskInfo task) {
    return switch (ResourceWire.read(task.getResourcesList())) {
      case Checked.Valid<Resources>(Resources resources) -> resources;
      case Checked.Invalid<Resources>(String problem) ->
          Resources
              .EMPTY; // The master has checked them; a newer one may know kinds that we do not.
    };
  }

  private String directory(FrameworkRun framework, String executorId, String containerId) {
    return agent.config.workDir()
        + "/slaves/"
        + agent.id
        + "/frameworks/"
        + framework.id()
        + "/executors/"
        + executorId
        + "/runs/"
        + containerId;
  }

  private void failLaunch(Turn turn, ExecutorRun run, String message) {
    agent.count("slave/container_launch_errors");
    tell(
        turn,
        run,
        status(turn, run, TaskState.TASK_FAILED, "Failed to launch container: " + message)
            .setSource(TaskStatus.Source.SOURCE_AGENT)
            .setReason(TaskStatus.Reason.REASON_CONTAINER_LAUNCH_FAILED));
  }

  void started(Turn turn, AgentEvent.ContainerStarted event) {
    ExecutorRun run = agent.containers.get(event.containerId());
    if (run == null) {
      return;
    }
    run.pid = event.pid();
    if (run.fate != ExecutorRun.Fate.FREE) {
      return; // It was killed while it started; its end is on the way.
    }
    tell(turn, run, status(turn, run, TaskState.TASK_STARTING, null));
    tell(turn, run, status(turn, run, TaskState.TASK_RUNNING, null));
    if (run.task.hasMaxCompletionTime()) {
      agent.timers.set(
          new Timer.CompletionTime(run.containerId),
          turn.nowNanos() + run.task.getMaxCompletionTime().getNanoseconds());
    }
  }

  // Ending.

  void failed(Turn turn, AgentEvent.ContainerFailed event) {
    ExecutorRun run = containerGone(event.containerId());
    if (run == null) {
      return;
    }
    switch (run.fate) {
      case KILLED -> tellKilledEarly(turn, run);
      case FREE, OVERDUE -> failLaunch(turn, run, event.message());
      case DISCARDED -> {}
    }
    stopIfIdle(turn);
  }

  void exited(Turn turn, AgentEvent.ContainerExited event) {
    ExecutorRun run = containerGone(event.containerId());
    if (run == null) {
      return;
    }
    switch (run.fate) {
      case FREE -> tell(turn, run, end(turn, run, event.exit()));
      case KILLED -> {
        if (run.pid == 0) {
          tellKilledEarly(turn, run);
        } else {
          tell(turn, run, status(turn, run, TaskState.TASK_KILLED, text(event.exit())));
        }
      }
      case OVERDUE ->
          tell(
              turn,
              run,
              status(turn, run, TaskState.TASK_FAILED, text(event.exit()))
                  .setReason(TaskStatus.Reason.REASON_MAX_COMPLETION_TIME_REACHED));
      case DISCARDED -> {}
    }
    stopIfIdle(turn);
  }

  private @Nullable ExecutorRun containerGone(String containerId) {
    ExecutorRun run = agent.containers.remove(containerId);
    if (run != null) {
      run.isLive = false;
      agent.timers.cancel(new Timer.Grace(containerId));
      agent.timers.cancel(new Timer.CompletionTime(containerId));
    }
    return run;
  }

  private void tellKilledEarly(Turn turn, ExecutorRun run) {
    tell(
        turn,
        run,
        status(turn, run, TaskState.TASK_KILLED, "Killed before delivery to the executor")
            .setSource(TaskStatus.Source.SOURCE_AGENT)
            .setReason(TaskStatus.Reason.REASON_TASK_KILLED_DURING_LAUNCH));
  }

  private TaskStatus.Builder end(Turn turn, ExecutorRun run, ContainerExit exit) {
    return switch (exit) {
      case ContainerExit.Exited exited ->
          status(
              turn,
              run,
              exited.code() == 0 ? TaskState.TASK_FINISHED : TaskState.TASK_FAILED,
              text(exit));
      case ContainerExit.Signaled signaled -> status(turn, run, TaskState.TASK_FAILED, text(exit));
      case ContainerExit.OutOfMemory outOfMemory ->
          status(turn, run, TaskState.TASK_FAILED, text(exit))
              .setSource(TaskStatus.Source.SOURCE_AGENT)
              .setReason(TaskStatus.Reason.REASON_CONTAINER_LIMITATION_MEMORY)
              .setLimitation(
                  TaskResourceLimitation.newBuilder()
                      .addAllResources(
                          ResourceWire.write(memory(run), ResourceWire.Format.POST_REFINEMENT)));
      case ContainerExit.Lost lost ->
          status(turn, run, TaskState.TASK_FAILED, text(exit))
              .setSource(TaskStatus.Source.SOURCE_AGENT)
              .setReason(TaskStatus.Reason.REASON_EXECUTOR_TERMINATED);
    };
  }

  private static Resources memory(ExecutorRun run) {
    return Resources.of(
        Resource.scalar("mem", run.resources.plus(CommandExecutor.OVERHEAD).thousandths("mem")));
  }

  private static String text(ContainerExit exit) {
    return switch (exit) {
      case ContainerExit.Exited(int code) -> "Command exited with status " + code;
      case ContainerExit.Signaled(int signal, String name, boolean isCoreDumped) ->
          "Command terminated with signal " + name + (isCoreDumped ? " (core dumped)" : "");
      case ContainerExit.OutOfMemory() -> "Memory limit exceeded";
      case ContainerExit.Lost(String why) -> "Executor terminated: " + why;
    };
  }

  // Killing.

  void kill(Turn turn, io.perigee.link.KillTask message) {
    FrameworkRun framework = agent.frameworks.get(message.getFrameworkId().getValue());
    String taskId = message.getTaskId().getValue();
    ExecutorRun run = framework == null ? null : framework.executors.get(taskId);
    if (run == null || !run.isLive) {
      return; // Over: its last update is on the way and will be repeated until it arrives.
    }
    KillPolicy policy =
        message.getKillPolicy().hasGracePeriod()
            ? message.getKillPolicy()
            : run.task.getKillPolicy();
    boolean isFirst = run.fate == ExecutorRun.Fate.FREE;
    if (isFirst) {
      run.fate = ExecutorRun.Fate.KILLED;
      if (run.pid != 0 && knowsKilling(run.framework.info)) {
        tell(turn, run, status(turn, run, TaskState.TASK_KILLING, null));
      }
    }
    terminate(
        turn,
        run,
        policy.hasGracePeriod()
            ? policy.getGracePeriod().getNanoseconds()
            : CommandExecutor.DEFAULT_GRACE_NANOS);
  }

  private static boolean knowsKilling(FrameworkInfo info) {
    return info.getCapabilitiesList().stream()
        .anyMatch(c -> c.getType() == Capability.Type.TASK_KILLING_STATE);
  }

  /** SIGTERM now and SIGKILL later. A second call may bring the end forward, never put it off. */
  private void terminate(Turn turn, ExecutorRun run, long graceNanos) {
    boolean isFirst = run.killAtNanos == Long.MAX_VALUE;
    long killAt = turn.nowNanos() + Math.max(0, graceNanos);
    if (killAt < run.killAtNanos) {
      run.killAtNanos = killAt;
      agent.timers.set(new Timer.Grace(run.containerId), killAt);
    }
    if (run.pid == 0 || graceNanos <= 0) {
      graceOver(turn, run.containerId); // It has not begun: there is nothing to end in good order.
    } else if (isFirst) {
      turn.command(new AgentCommand.TerminateContainer(run.containerId));
    }
  }

  void graceOver(Turn turn, String containerId) {
    agent.timers.cancel(new Timer.Grace(containerId));
    if (agent.containers.containsKey(containerId)) {
      turn.command(new AgentCommand.KillContainer(containerId));
    }
  }

  void overdue(Turn turn, String containerId) {
    ExecutorRun run = agent.containers.get(containerId);
    if (run != null && run.fate == ExecutorRun.Fate.FREE) {
      run.fate = ExecutorRun.Fate.OVERDUE;
      terminate(
          turn,
          run,
          run.task.getKillPolicy().hasGracePeriod()
              ? run.task.getKillPolicy().getGracePeriod().getNanoseconds()
              : CommandExecutor.DEFAULT_GRACE_NANOS);
    }
  }

  /** The master has declared a task over. It is killed, and nothing more is told of it. */
  void discard(Turn turn, TaskKey key) {
    FrameworkRun framework = agent.frameworks.get(key.frameworkId());
    ExecutorRun run = framework == null ? null : framework.executors.get(key.taskId());
    agent.updates.drop(key);
    if (framework != null && run != null) {
      discard(turn, run, CommandExecutor.DEFAULT_GRACE_NANOS);
      complete(framework, run);
      forgetIfIdle(framework);
    }
  }

  private void discard(Turn turn, ExecutorRun run, long graceNanos) {
    run.fate = ExecutorRun.Fate.DISCARDED;
    if (run.isLive) {
      terminate(turn, run, graceNanos);
    }
  }

  void shutdown(Turn turn, String frameworkId) {
    FrameworkRun framework = agent.frameworks.get(frameworkId);
    if (framework == null) {
      return;
    }
    for (ExecutorRun run : List.copyOf(framework.executors.values())) {
      agent.updates.drop(run.key());
      discard(turn, run, shutdownGraceNanos());
      complete(framework, run);
    }
    forgetIfIdle(framework);
  }

  private long shutdownGraceNanos() {
    return Math.max(
        0, agent.config.executorShutdownGracePeriod().toNanos() - EXECUTOR_SHARE_OF_GRACE_NANOS);
  }

  void update(FrameworkInfo info) {
    FrameworkRun framework = agent.frameworks.get(info.getId().getValue());
    if (framework != null) {
      framework.info = info;
    }
  }

  // Stopping.

  /** Ends all tasks, and then the agent. */
  void stop(Turn turn) {
    if (agent.isStopping) {
      return;
    }
    agent.isStopping = true;
    for (ExecutorRun run : List.copyOf(agent.containers.values())) {
      if (run.fate == ExecutorRun.Fate.FREE) {
        run.fate = ExecutorRun.Fate.KILLED;
      }
      terminate(turn, run, shutdownGraceNanos());
    }
    stopIfIdle(turn);
  }

  private void stopIfIdle(Turn turn) {
    if (agent.isStopping && agent.containers.isEmpty()) {
      connection.leave(turn);
      turn.command(new AgentCommand.Stop("all tasks have ended"));
    }
  }

  // Telling.

  private TaskStatus.Builder status(
      Turn turn, ExecutorRun run, TaskState state, @Nullable String message) {
    TaskStatus.Builder status =
        bare(turn, run.task.getTaskId(), state)
            .setSource(TaskStatus.Source.SOURCE_EXECUTOR)
            .setContainerStatus(containerStatus(run));
    if (message != null) {
      status.setMessage(message);
    }
    return status;
  }

  private TaskStatus.Builder bare(Turn turn, TaskID taskId, TaskState state) {
    return TaskStatus.newBuilder()
        .setTaskId(taskId)
        .setState(state)
        .setAgentId(AgentID.newBuilder().setValue(agent.id))
        .setExecutorId(ExecutorID.newBuilder().setValue(taskId.getValue()))
        .setTimestamp(turn.nowSeconds())
        .setUuid(ByteString.copyFrom(Uuids.bytes(Uuids.random(agent.random))));
  }

  private ContainerStatus containerStatus(ExecutorRun run) {
    ContainerStatus.Builder status =
        ContainerStatus.newBuilder()
            .setContainerId(ContainerID.newBuilder().setValue(run.containerId))
            .addNetworkInfos(
                NetworkInfo.newBuilder()
                    .addIpAddresses(
                        NetworkInfo.IPAddress.newBuilder().setIpAddress(agent.config.ip())));
    if (run.pid != 0) {
      status.setExecutorPid((int) run.pid);
    }
    return status.build();
  }

  private void tell(Turn turn, ExecutorRun run, TaskStatus.Builder status) {
    TaskStatus update = status.build();
    run.add(update);
    agent.count("slave/valid_status_updates");
    if (run.isTerminal()) {
      agent.count(
          "slave/tasks_"
              + update.getState().name().substring("TASK_".length()).toLowerCase(Locale.ROOT));
    }
    agent.updates.add(turn, agent.registeredLink, run.key(), update);
  }

  /** A task that the master launched and that never arrived. */
  void missing(Turn turn, MissingTask message) {
    FrameworkInfo info = message.getFrameworkInfo();
    TaskKey key = new TaskKey(info.getId().getValue(), message.getTaskId().getValue());
    boolean isPartitionAware =
        info.getCapabilitiesList().stream()
            .anyMatch(c -> c.getType() == Capability.Type.PARTITION_AWARE);
    agent.updates.add(
        turn,
        agent.registeredLink,
        key,
        bare(
                turn,
                message.getTaskId(),
                isPartitionAware ? TaskState.TASK_DROPPED : TaskState.TASK_LOST)
            .setSource(TaskStatus.Source.SOURCE_AGENT)
            .setReason(TaskStatus.Reason.REASON_RECONCILIATION)
            .setMessage("Reconciliation: task unknown to the agent")
            .build());
  }

  void acknowledge(Turn turn, io.perigee.link.Acknowledge message) {
    TaskKey key = new TaskKey(message.getFrameworkId().getValue(), message.getTaskId().getValue());
    if (agent.updates.acknowledge(turn, agent.registeredLink, key, message.getUuid())) {
      FrameworkRun framework = agent.frameworks.get(key.frameworkId());
      ExecutorRun run = framework == null ? null : framework.executors.get(key.taskId());
      if (framework != null && run != null) {
        complete(framework, run);
        forgetIfIdle(framework);
      }
    }
  }

  private void complete(FrameworkRun framework, ExecutorRun run) {
    framework.executors.remove(run.task.getTaskId().getValue());
    framework.completed.addLast(Snapshots.executor(agent, run));
    while (framework.completed.size() > agent.config.maxCompletedExecutorsPerFramework()) {
      framework.completed.removeFirst();
    }
  }

  private void forgetIfIdle(FrameworkRun framework) {
    if (!framework.executors.isEmpty()) {
      return;
    }
    agent.frameworks.remove(framework.id());
    agent.completed.addLast(Snapshots.framework(agent, framework));
    while (agent.completed.size() > agent.config.maxCompletedFrameworks()) {
      agent.completed.removeFirst();
    }
  }
}
