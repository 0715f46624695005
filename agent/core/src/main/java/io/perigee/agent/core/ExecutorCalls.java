package io.perigee.agent.core;

import com.google.protobuf.ByteString;
import io.perigee.agent.core.AgentSnapshot.ExecutorKind;
import io.perigee.agent.core.AgentSnapshot.ExecutorState;
import io.perigee.link.ExecutorMessage;
import io.perigee.link.ToMaster;
import io.perigee.mesos.v1.ContainerID;
import io.perigee.mesos.v1.ExecutorID;
import io.perigee.mesos.v1.FrameworkID;
import io.perigee.mesos.v1.TaskID;
import io.perigee.mesos.v1.TaskInfo;
import io.perigee.mesos.v1.TaskState;
import io.perigee.mesos.v1.TaskStatus;
import io.perigee.mesos.v1.executor.Call;
import io.perigee.mesos.v1.executor.Event;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What executors say, and messages between them and their schedulers. Nothing they say is trusted:
 * they are programs of users. Source: mesos/src/slave/http.cpp, executor;
 * mesos/src/slave/slave.cpp.
 */
final class ExecutorCalls {
  /** Fixed in Mesos too (DEFAULT_EXECUTOR_HEARTBEAT_INTERVAL). */
  static final long HEARTBEAT_NANOS = Duration.ofMinutes(30).toNanos();

  private static final int UUID_BYTES = 16;

  private final Agent agent;
  private final Statuses statuses;
  private final CustomExecutors executors;

  ExecutorCalls(Agent agent, Statuses statuses, CustomExecutors executors) {
    this.agent = agent;
    this.statuses = statuses;
    this.executors = executors;
  }

  private @Nullable ExecutorRun find(FrameworkID frameworkId, ExecutorID executorId) {
    FrameworkRun framework = agent.frameworks.get(frameworkId.getValue());
    ExecutorRun executor =
        framework == null ? null : framework.executors.get(executorId.getValue());
    return executor != null && executor.kind == ExecutorKind.CUSTOM ? executor : null;
  }

  /** The executor that calls; null if there is none, and it was told so. */
  private @Nullable ExecutorRun caller(Turn turn, long number, Call call) {
    ExecutorRun executor = find(call.getFrameworkId(), call.getExecutorId());
    if (executor == null) {
      boolean isKnown = agent.frameworks.containsKey(call.getFrameworkId().getValue());
      answer(turn, number, 400, (isKnown ? "Executor" : "Framework") + " cannot be found");
    }
    return executor;
  }

  private static void answer(Turn turn, long number, int status, String text) {
    turn.command(new AgentCommand.AnswerExecutor(number, status, text));
  }

  // Subscribing.

  void subscribe(Turn turn, long stream, Call call) {
    ExecutorRun executor = caller(turn, stream, call);
    if (executor == null) {
      return;
    }
    if (agent.isStopping || executor.framework.isTerminating || !executor.isUsable()) {
      turn.command(
          new AgentCommand.TellExecutor(
              stream, Event.newBuilder().setType(Event.Type.SHUTDOWN).build()));
      turn.command(new AgentCommand.EndExecutorStream(stream));
      return;
    }
    executors.openStream(turn, executor, stream);
    turn.command(new AgentCommand.TellExecutor(stream, subscribed(executor)));
    for (Call.Update update : call.getSubscribe().getUnacknowledgedUpdatesList()) {
      if (take(turn, executor, update.getStatus())) {
        acknowledge(turn, executor, update.getStatus());
      }
    }
    loseUndelivered(turn, executor, call.getSubscribe());
    if (executor.hadTask || !executor.queuedTasks().isEmpty()) {
      executors.repeatKills(turn, executor);
      executors.deliver(turn, executor);
    } else {
      executors.shutDown(turn, executor); // All its tasks were killed before it came.
    }
  }

  private Event subscribed(ExecutorRun executor) {
    Event.Builder event = Event.newBuilder().setType(Event.Type.SUBSCRIBED);
    event
        .getSubscribedBuilder()
        .setExecutorInfo(executor.info)
        .setFrameworkInfo(executor.framework.info)
        .setAgentInfo(agent.info())
        .setContainerId(ContainerID.newBuilder().setValue(executor.containerId));
    return event.build();
  }

  /** Tasks that were sent on a stream that broke, and that the executor does not know. */
  private void loseUndelivered(Turn turn, ExecutorRun executor, Call.Subscribe subscribe) {
    Set<String> known =
        subscribe.getUnacknowledgedTasksList().stream()
            .map(TaskInfo::getTaskId)
            .map(TaskID::getValue)
            .collect(Collectors.toSet()); // Only looked up.
    for (TaskRun task : executor.liveTasks()) {
      if (task.state == TaskState.TASK_STAGING && !task.isQueued && !known.contains(task.id())) {
        statuses.tell(
            turn,
            task,
            statuses.ofAgent(
                turn,
                task,
                Statuses.lost(executor.framework.info),
                TaskStatus.Reason.REASON_AGENT_RESTARTED,
                "Task launched during agent restart"));
      }
    }
  }

  // Calling.

  void call(Turn turn, long request, Call call) {
    ExecutorRun executor = caller(turn, request, call);
    if (executor == null) {
      return;
    }
    if (executor.state == ExecutorState.REGISTERING) {
      answer(turn, request, 403, "Executor is not subscribed");
      return;
    }
    switch (call.getType()) {
      case UPDATE -> update(turn, request, executor, call.getUpdate().getStatus());
      case MESSAGE -> {
        message(turn, executor, call.getMessage().getData());
        answer(turn, request, 202, "");
      }
      case HEARTBEAT -> answer(turn, request, 202, "");
      case SUBSCRIBE, UNKNOWN -> answer(turn, request, 501, "");
    }
  }

  private void update(Turn turn, long request, ExecutorRun executor, TaskStatus status) {
    if (take(turn, executor, status)) {
      answer(turn, request, 202, "");
      acknowledge(turn, executor, status);
    } else {
      answer(
          turn,
          request,
          503,
          "Too many updates of task '"
              + status.getTaskId().getValue()
              + "' wait for acknowledgement");
    }
  }

  private static void acknowledge(Turn turn, ExecutorRun executor, TaskStatus status) {
    if (executor.stream != 0 && status.getUuid().size() == UUID_BYTES) {
      Event.Builder event = Event.newBuilder().setType(Event.Type.ACKNOWLEDGED);
      event.getAcknowledgedBuilder().setTaskId(status.getTaskId()).setUuid(status.getUuid());
      turn.command(new AgentCommand.TellExecutor(executor.stream, event.build()));
    }
  }

  /**
   * Takes an update. One that came before, or of a task that is over, changes nothing; one that
   * makes no sense is counted and changes nothing either.
   *
   * @return false if too many wait: then the executor must try again
   */
  private boolean take(Turn turn, ExecutorRun executor, TaskStatus status) {
    TaskRun task = executor.tasks.get(status.getTaskId().getValue());
    if (task == null || task.isQueued || !makesSense(executor, status)) {
      agent.count("slave/invalid_status_updates");
      return true;
    }
    if (task.isOver() || task.knows(status.getUuid())) {
      return true;
    }
    TaskStatus complete = statuses.complete(turn, executor, status);
    if (!agent.updates.hasRoom(task.key(), complete)) {
      return false;
    }
    statuses.tell(turn, task, complete);
    if (task.isOver()) {
      executors.resize(turn, executor);
    }
    return true;
  }

  /** What the validator refuses may still come with a SUBSCRIBE. */
  private static boolean makesSense(ExecutorRun executor, TaskStatus status) {
    return status.getUuid().size() == UUID_BYTES
        && status.getSource() == TaskStatus.Source.SOURCE_EXECUTOR
        && (!status.hasExecutorId() || status.getExecutorId().equals(executor.info.getExecutorId()))
        && isExecutorsWord(status.getState());
  }

  private static boolean isExecutorsWord(TaskState state) {
    return switch (state) {
      case TASK_STARTING,
          TASK_RUNNING,
          TASK_KILLING,
          TASK_FINISHED,
          TASK_FAILED,
          TASK_KILLED,
          TASK_ERROR,
          TASK_LOST,
          TASK_DROPPED,
          TASK_GONE ->
          true;
      case TASK_STAGING, TASK_UNREACHABLE, TASK_GONE_BY_OPERATOR, TASK_UNKNOWN -> false;
    };
  }

  // Messages.

  private void message(Turn turn, ExecutorRun executor, ByteString data) {
    boolean canPass = agent.registeredLink != 0 && !executor.framework.isTerminating;
    count(canPass);
    if (canPass) {
      turn.tell(
          agent.registeredLink,
          ToMaster.newBuilder()
              .setExecutorMessage(
                  ExecutorMessage.newBuilder()
                      .setFrameworkId(executor.framework.info.getId())
                      .setExecutorId(executor.info.getExecutorId())
                      .setData(data)));
    }
  }

  /** A scheduler's message for its executor: lost if that does not listen. */
  void messageForExecutor(Turn turn, ExecutorMessage message) {
    ExecutorRun executor = find(message.getFrameworkId(), message.getExecutorId());
    boolean canPass =
        executor != null && executor.stream != 0 && executor.state == ExecutorState.RUNNING;
    count(canPass);
    if (executor != null && canPass) {
      Event.Builder event = Event.newBuilder().setType(Event.Type.MESSAGE);
      event.getMessageBuilder().setData(message.getData());
      turn.command(new AgentCommand.TellExecutor(executor.stream, event.build()));
    }
  }

  private void count(boolean isValid) {
    agent.count(isValid ? "slave/valid_framework_messages" : "slave/invalid_framework_messages");
  }
}
