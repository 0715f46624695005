package io.perigee.agent.core;

import io.perigee.agent.core.AgentSnapshot.ExecutorKind;
import io.perigee.agent.core.AgentSnapshot.ExecutorState;
import io.perigee.link.RunTasks;
import io.perigee.mesos.v1.ContainerInfo;
import io.perigee.mesos.v1.ExecutorInfo;
import io.perigee.mesos.v1.TaskInfo;
import io.perigee.mesos.v1.TaskStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tasks that arrive: which executor takes them, and whether it can. */
final class Launching {
  /** Executors that one agent has at a time, of all kinds, with those that are not all told of. */
  static final int MOST_EXECUTORS = 10_000;

  /** Tasks of one executor at a time, with those that are not all told of. */
  static final int MOST_TASKS = 10_000;

  /** The status of an executor that was never started. */
  private static final int NEVER_RAN = -1;

  private final Agent agent;
  private final Statuses statuses;
  private final Ledger ledger;
  private final ExecutorEnds ends;
  private final OwnTasks own;
  private final CustomExecutors custom;

  Launching(
      Agent agent,
      Statuses statuses,
      Ledger ledger,
      ExecutorEnds ends,
      OwnTasks own,
      CustomExecutors custom) {
    this.agent = agent;
    this.statuses = statuses;
    this.ledger = ledger;
    this.ends = ends;
    this.own = own;
    this.custom = custom;
  }

  void run(Turn turn, RunTasks message) {
    if (!message.getFrameworkInfo().hasId()) {
      turn.log("the master launches tasks of a framework without an id");
      return;
    }
    FrameworkRun framework = ledger.open(message.getFrameworkInfo());
    framework.info = message.getFrameworkInfo();
    if (message.hasGroupExecutor()) {
      launchGroup(turn, framework, message);
    } else {
      for (TaskInfo task : message.getTasksList()) {
        launch(turn, framework, message, task);
      }
    }
    ledger.forgetIfIdle(framework);
  }

  private void launch(Turn turn, FrameworkRun framework, RunTasks message, TaskInfo task) {
    String id = task.getTaskId().getValue();
    if (framework.tasks.containsKey(id)) {
      // The master never launches an id twice that is in use; a second copy would be lost track of.
      turn.log("task " + id + " of framework " + framework.id() + " is launched already");
      return;
    }
    boolean isCommand = !task.hasExecutor();
    ExecutorInfo info =
        isCommand
            ? CommandExecutor.info(framework.info, task, LaunchPlans.read(task.getResourcesList()))
            : task.getExecutor();
    place(
        turn,
        framework,
        message,
        isCommand ? ExecutorKind.COMMAND : kind(info),
        info,
        List.of(task));
  }

  private static ExecutorKind kind(ExecutorInfo info) {
    return info.getType() == ExecutorInfo.Type.DEFAULT ? ExecutorKind.DEFAULT : ExecutorKind.CUSTOM;
  }

  private void launchGroup(Turn turn, FrameworkRun framework, RunTasks message) {
    List<TaskInfo> tasks = message.getTasksList();
    long ids = tasks.stream().map(TaskInfo::getTaskId).distinct().count();
    List<TaskInfo> fresh =
        tasks.stream()
            .filter(task -> !framework.tasks.containsKey(task.getTaskId().getValue()))
            .toList();
    if (ids == tasks.size() && fresh.size() == tasks.size()) {
      ExecutorInfo info = message.getGroupExecutor();
      place(turn, framework, message, kind(info), info, tasks);
    } else {
      turn.log("a task of a group of framework " + framework.id() + " is launched already");
      lose(
          turn,
          framework,
          fresh,
          TaskStatus.Reason.REASON_TASK_GROUP_INVALID,
          "A task of the group is launched already");
    }
  }

  private void lose(
      Turn turn,
      FrameworkRun framework,
      List<TaskInfo> tasks,
      TaskStatus.Reason reason,
      String message) {
    for (TaskInfo task : tasks) {
      statuses.drop(turn, framework.info, task.getTaskId(), reason, message);
    }
  }

  /** Gives tasks to the executor of that id, which is made if it is not there. */
  private void place(
      Turn turn,
      FrameworkRun framework,
      RunTasks message,
      ExecutorKind kind,
      ExecutorInfo info,
      List<TaskInfo> tasks) {
    ExecutorRun executor = framework.executors.get(info.getExecutorId().getValue());
    boolean isNew = executor == null;
    boolean isExpected = message.getNewExecutorsList().contains(info.getExecutorId());
    String refusal =
        executor == null ? newcomersRefusal(framework, kind, isExpected) : refusal(executor, kind);
    if (!refusal.isEmpty()) {
      lose(turn, framework, tasks, TaskStatus.Reason.REASON_EXECUTOR_TERMINATED, refusal);
      if (isExpected && (executor == null || executor.isOver())) {
        ends.tellExited(turn, framework, info.getExecutorId(), NEVER_RAN);
      }
      return;
    }
    if (executor == null) {
      executor = open(framework, kind, info);
    }
    List<TaskRun> added = add(executor, message.hasGroupExecutor(), tasks);
    switch (kind) {
      case COMMAND, DEFAULT -> launchOwn(turn, added);
      case CUSTOM -> {
        if (isNew) {
          launchCustom(turn, executor);
        } else {
          custom.deliver(turn, executor);
        }
      }
    }
  }

  /**
   * Why there can be no new executor; empty if there can.
   *
   * @param isExpected whether the master knows that it is new
   */
  private String newcomersRefusal(FrameworkRun framework, ExecutorKind kind, boolean isExpected) {
    if (framework.isTerminating || (kind != ExecutorKind.COMMAND && !isExpected)) {
      return "Executor terminated";
    }
    int executors = agent.frameworks.values().stream().mapToInt(f -> f.executors.size()).sum();
    return executors < MOST_EXECUTORS
        ? ""
        : "The agent has " + MOST_EXECUTORS + " executors, as many as it may";
  }

  /** Why an executor cannot take tasks; empty if it can. */
  private static String refusal(ExecutorRun executor, ExecutorKind kind) {
    if (executor.state == ExecutorState.TERMINATING) {
      return "Executor terminating";
    }
    if (executor.isOver()) {
      return "Executor terminated";
    }
    if (executor.kind != kind || kind == ExecutorKind.COMMAND) {
      return "Executor '" + executor.id() + "' is there already, for other tasks";
    }
    return executor.tasks.size() < MOST_TASKS
        ? ""
        : "The executor has " + MOST_TASKS + " tasks, as many as it may";
  }

  private ExecutorRun open(FrameworkRun framework, ExecutorKind kind, ExecutorInfo info) {
    String containerId = agent.newId();
    ExecutorRun executor =
        new ExecutorRun(
            framework,
            kind,
            info.toBuilder().setFrameworkId(framework.info.getId()).build(),
            LaunchPlans.read(info.getResourcesList()),
            containerId,
            agent.config.workDir()
                + "/slaves/"
                + agent.id
                + "/frameworks/"
                + framework.id()
                + "/executors/"
                + info.getExecutorId().getValue()
                + "/runs/"
                + containerId);
    if (kind == ExecutorKind.DEFAULT) {
      executor.state = ExecutorState.RUNNING;
    }
    framework.executors.put(executor.id(), executor);
    return executor;
  }

  private static List<TaskRun> add(ExecutorRun executor, boolean isGroup, List<TaskInfo> tasks) {
    @Nullable TaskGroup group =
        isGroup || executor.kind == ExecutorKind.DEFAULT ? new TaskGroup() : null;
    return tasks.stream()
        .map(info -> {
          TaskRun task =
              new TaskRun(executor, info, LaunchPlans.read(info.getResourcesList()), group);
          task.isQueued = executor.kind == ExecutorKind.CUSTOM;
          executor.tasks.put(task.id(), task);
          executor.framework.tasks.put(task.id(), task);
          if (group != null) {
            group.tasks.add(task);
          }
          return task;
        })
        .toList();
  }

  private void launchOwn(Turn turn, List<TaskRun> tasks) {
    for (TaskRun task : tasks) {
      String obstacle = obstacle(task.info.getContainer());
      if (!obstacle.isEmpty()) {
        own.failLaunch(turn, task, obstacle); // And with it the rest of its group.
        return;
      }
    }
    tasks.forEach(task -> own.launch(turn, task));
  }

  private void launchCustom(Turn turn, ExecutorRun executor) {
    String obstacle = obstacle(executor.info.getContainer());
    if (obstacle.isEmpty()) {
      custom.launch(turn, executor);
    } else {
      custom.failed(turn, executor, obstacle);
    }
  }

  private String obstacle(ContainerInfo container) {
    return agent.isStopping ? "the agent is shutting down" : CommandExecutor.obstacle(container);
  }
}
