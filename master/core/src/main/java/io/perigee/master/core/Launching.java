package io.perigee.master.core;

import io.perigee.common.Checked;
import io.perigee.link.RunTasks;
import io.perigee.link.ToAgent;
import io.perigee.master.core.cluster.Executor;
import io.perigee.master.core.cluster.Framework;
import io.perigee.master.core.cluster.Offer;
import io.perigee.master.core.cluster.Task;
import io.perigee.master.core.validation.TaskGroupValidator;
import io.perigee.master.core.validation.TaskValidator;
import io.perigee.mesos.v1.ExecutorInfo;
import io.perigee.mesos.v1.Offer.Operation;
import io.perigee.mesos.v1.OperationState;
import io.perigee.mesos.v1.OperationStatus;
import io.perigee.mesos.v1.TaskInfo;
import io.perigee.mesos.v1.TaskState;
import io.perigee.mesos.v1.TaskStatus;
import io.perigee.mesos.v1.scheduler.Call;
import io.perigee.model.Resources;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * ACCEPT: operations on offered resources, in their order, on what the ones before left over.
 * Source: mesos/src/master/master.cpp, accept and _accept; mesos/src/master/validation.cpp,
 * offer::validate.
 */
final class Launching {
  private final Master master;
  private final OfferBook offers;
  private final TaskUpdates updates;

  Launching(Master master, OfferBook offers, TaskUpdates updates) {
    this.master = master;
    this.offers = offers;
    this.updates = updates;
  }

  void accept(Turn turn, Framework framework, Call.Accept call) {
    for (Operation operation : call.getOperationsList()) {
      if (operation.getType() == Operation.Type.LAUNCH) {
        master.counters.add(
            operation.getLaunch().getTaskInfosCount() > 0
                ? "master/messages_launch_tasks"
                : "master/messages_decline_offers");
      }
    }
    List<Offer> accepted = new ArrayList<>();
    Optional<String> problem = offers.collect(framework, call.getOfferIdsList(), accepted);
    if (problem.isPresent()) {
      accepted.forEach(offers::withdraw);
      for (Operation operation : call.getOperationsList()) {
        refuse(turn, framework, operation, problem.get());
      }
      return;
    }
    Resources offered = Resources.EMPTY;
    for (Offer offer : accepted) {
      offers.take(offer);
      framework.counters().offerAccepted();
      offered = offered.plus(offer.resources());
    }
    Offer first = accepted.getFirst();
    LaunchPlace place =
        new LaunchPlace(framework, master.cluster.agent(first.agentSlot()), first.role(), offered);
    for (Operation operation : call.getOperationsList()) {
      framework.counters().operation(operation.getType());
      switch (operation.getType()) {
        case LAUNCH -> launch(turn, place, operation);
        case LAUNCH_GROUP -> launchGroup(turn, place, operation);
        case RESERVE,
            UNRESERVE,
            CREATE,
            DESTROY,
            GROW_VOLUME,
            SHRINK_VOLUME,
            CREATE_DISK,
            DESTROY_DISK,
            UNKNOWN ->
            drop(
                turn,
                framework,
                operation,
                operation.getType() + " is not supported by this version");
      }
    }
    offers.refuse(turn, framework, first, place.offered(), call.getFilters());
  }

  /** The whole answer is void: whatever it was to do is refused. */
  private void refuse(Turn turn, Framework framework, Operation operation, String problem) {
    TaskState state =
        Statuses.forFramework(framework.capabilities().isPartitionAware(), TaskState.TASK_DROPPED);
    switch (operation.getType()) {
      case LAUNCH ->
          refuseTasks(
              turn,
              framework,
              operation.getLaunch().getTaskInfosList(),
              state,
              TaskStatus.Reason.REASON_INVALID_OFFERS,
              "Task launched with invalid offers: " + problem);
      case LAUNCH_GROUP ->
          refuseTasks(
              turn,
              framework,
              operation.getLaunchGroup().getTaskGroup().getTasksList(),
              state,
              TaskStatus.Reason.REASON_INVALID_OFFERS,
              "Task launched with invalid offers: " + problem);
      case RESERVE,
          UNRESERVE,
          CREATE,
          DESTROY,
          GROW_VOLUME,
          SHRINK_VOLUME,
          CREATE_DISK,
          DESTROY_DISK,
          UNKNOWN ->
          drop(turn, framework, operation, "Operation attempted with invalid offers: " + problem);
    }
  }

  private void refuseTasks(
      Turn turn,
      Framework framework,
      List<TaskInfo> tasks,
      TaskState state,
      TaskStatus.Reason reason,
      String message) {
    for (TaskInfo task : tasks) {
      updates.refuse(
          turn,
          framework,
          task.getTaskId().getValue(),
          task.getAgentId().getValue(),
          state,
          reason,
          message);
    }
  }

  /** An operation that is not carried out. Only a framework that named it hears of that. */
  private static void drop(Turn turn, Framework framework, Operation operation, String message) {
    if (operation.hasId()) {
      turn.notify(
          framework,
          new SchedulerNotice.UpdateOperation(
              OperationStatus.newBuilder()
                  .setOperationId(operation.getId())
                  .setState(OperationState.OPERATION_ERROR)
                  .setMessage(message)
                  .build()));
    }
  }

  /** Launches the tasks that are right, each judged alone. */
  private void launch(Turn turn, LaunchPlace place, Operation operation) {
    RunTasks.Builder run = RunTasks.newBuilder().setFrameworkInfo(place.framework.info());
    for (TaskInfo given : operation.getLaunch().getTaskInfosList()) {
      TaskInfo info = Descriptions.owned(given, place.framework);
      Checked<TaskValidator.Launch> checked =
          operation.hasId()
              ? Checked.invalid("Operation id is not supported for LAUNCH")
              : TaskValidator.validate(info, place);
      switch (checked) {
        case Checked.Invalid<TaskValidator.Launch>(String problem) ->
            refuseTasks(
                turn,
                place.framework,
                List.of(info),
                TaskState.TASK_ERROR,
                TaskStatus.Reason.REASON_TASK_INVALID,
                problem);
        case Checked.Valid<TaskValidator.Launch>(TaskValidator.Launch launch) -> {
          begin(place, launch.newExecutor(), run);
          add(turn, place, info, launch.resources(), run);
        }
      }
    }
    if (run.getTasksCount() > 0) {
      turn.tell(place.agent, ToAgent.newBuilder().setRunTasks(run));
    }
  }

  /** Launches all tasks of a group, or none. */
  private void launchGroup(Turn turn, LaunchPlace place, Operation operation) {
    ExecutorInfo executor = operation.getLaunchGroup().getExecutor();
    List<TaskInfo> tasks = new ArrayList<>();
    for (TaskInfo task : operation.getLaunchGroup().getTaskGroup().getTasksList()) {
      tasks.add(task.hasExecutor() ? task : task.toBuilder().setExecutor(executor).build());
    }
    Checked<TaskGroupValidator.Launch> checked =
        operation.hasId()
            ? Checked.invalid("Operation id is not supported for LAUNCH_GROUP")
            : TaskGroupValidator.validate(tasks, executor, place);
    switch (checked) {
      case Checked.Invalid<TaskGroupValidator.Launch>(String problem) ->
          refuseTasks(
              turn,
              place.framework,
              tasks,
              TaskState.TASK_ERROR,
              TaskStatus.Reason.REASON_TASK_GROUP_INVALID,
              problem);
      case Checked.Valid<TaskGroupValidator.Launch>(TaskGroupValidator.Launch launch) -> {
        if (tasks.isEmpty()) {
          return; // An executor without a task would end at once.
        }
        RunTasks.Builder run = RunTasks.newBuilder().setFrameworkInfo(place.framework.info());
        begin(place, launch.newExecutor(), run);
        for (int i = 0; i < tasks.size(); i++) {
          add(turn, place, tasks.get(i), launch.tasks().get(i), run);
        }
        run.setGroupExecutor(run.getTasks(0).getExecutor());
        turn.tell(place.agent, ToAgent.newBuilder().setRunTasks(run));
      }
    }
  }

  /** Takes an executor's resources from the offers; null if none begins. */
  private void begin(LaunchPlace place, @Nullable Executor executor, RunTasks.Builder run) {
    if (executor != null) {
      place.take(executor.resources());
      master.cluster.addExecutor(executor);
      run.addNewExecutors(executor.info().getExecutorId());
    }
  }

  private void add(
      Turn turn, LaunchPlace place, TaskInfo info, Resources resources, RunTasks.Builder run) {
    place.take(resources);
    Task task = Descriptions.task(place.framework, place.role(), info, resources);
    master.cluster.addTask(place.framework, place.agent, task);
    turn.publish(new OperatorNotice.TaskAdded(task));
    Executor executor =
        info.hasExecutor() ? place.executor(info.getExecutor().getExecutorId().getValue()) : null;
    run.addTasks(
        Descriptions.complete(
            info, place.role(), resources, executor == null ? null : executor.info()));
  }
}
