package io.perigee.master.core;

import com.google.protobuf.ByteString;
import io.perigee.common.Checked;
import io.perigee.link.RunTasks;
import io.perigee.link.ToAgent;
import io.perigee.master.core.cluster.Agent;
import io.perigee.master.core.cluster.Framework;
import io.perigee.master.core.cluster.Offer;
import io.perigee.master.core.cluster.Task;
import io.perigee.master.core.validation.TaskValidator;
import io.perigee.mesos.v1.Offer.Operation;
import io.perigee.mesos.v1.OfferID;
import io.perigee.mesos.v1.OperationState;
import io.perigee.mesos.v1.OperationStatus;
import io.perigee.mesos.v1.TaskInfo;
import io.perigee.mesos.v1.TaskState;
import io.perigee.mesos.v1.TaskStatus;
import io.perigee.mesos.v1.scheduler.Call;
import io.perigee.model.ResourceWire;
import io.perigee.model.Resources;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
    if (call.getOperationsList().stream()
        .anyMatch(o -> o.hasLaunch() && o.getLaunch().getTaskInfosCount() > 0)) {
      master.counters.add("master/messages_launch_tasks");
    }
    List<Offer> accepted = new ArrayList<>();
    Optional<String> problem = collect(framework, call.getOfferIdsList(), accepted);
    if (problem.isPresent()) {
      accepted.forEach(offers::withdraw);
      for (Operation operation : call.getOperationsList()) {
        refuse(turn, framework, operation, problem.get());
      }
      return;
    }
    Resources left = Resources.EMPTY;
    for (Offer offer : accepted) {
      offers.take(offer);
      framework.counters().offerAccepted();
      left = left.plus(offer.resources());
    }
    Offer first = accepted.getFirst();
    Agent agent = master.cluster.agent(first.agentSlot());
    for (Operation operation : call.getOperationsList()) {
      switch (operation.getType()) {
        case LAUNCH -> left = launch(turn, framework, agent, first.role(), operation, left);
        case LAUNCH_GROUP ->
            refuseTasks(
                turn,
                framework,
                operation.getLaunchGroup().getTaskGroup().getTasksList(),
                TaskState.TASK_ERROR,
                TaskStatus.Reason.REASON_TASK_GROUP_INVALID,
                "Task groups are not supported by this version");
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
    offers.refuse(turn, framework, first, left, call.getFilters());
  }

  /**
   * Gathers the offers of one answer.
   *
   * @param valid receives those that the framework has, also if the answer as a whole is wrong
   */
  private Optional<String> collect(Framework framework, List<OfferID> ids, List<Offer> valid) {
    String problem = ids.isEmpty() ? "No offers specified" : null;
    Set<String> seen = new LinkedHashSet<>();
    for (OfferID id : ids) {
      Offer offer = master.cluster.offer(id.getValue());
      String found = null;
      if (!seen.add(id.getValue())) {
        found = "Duplicate offer " + id.getValue() + " in offer list";
      } else if (offer == null) {
        found = "Offer " + id.getValue() + " is no longer valid";
      } else if (offer.frameworkSlot() != framework.slot()) {
        found =
            "Offer "
                + id.getValue()
                + " has invalid framework "
                + offer.frameworkId()
                + " while framework "
                + framework.id()
                + " is expected";
      } else {
        if (!valid.isEmpty()) {
          found = mixture(valid.getFirst(), offer);
        }
        valid.add(offer);
      }
      problem = problem == null ? found : problem;
    }
    return Optional.ofNullable(problem);
  }

  private static @Nullable String mixture(Offer first, Offer other) {
    if (!first.role().equals(other.role())) {
      return "Aggregated offers must be allocated to the same role. Offer "
          + other.id()
          + " uses role '"
          + other.role()
          + "' but another is using role '"
          + first.role()
          + "'";
    }
    return first.agentSlot() == other.agentSlot()
        ? null
        : "Aggregated offers must belong to one single agent. Offer "
            + other.id()
            + " uses agent "
            + other.agentId()
            + " and agent "
            + first.agentId();
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

  /** Launches the tasks that are right, each judged alone, and returns what they leave over. */
  private Resources launch(
      Turn turn,
      Framework framework,
      Agent agent,
      String role,
      Operation operation,
      Resources offered) {
    RunTasks.Builder run = RunTasks.newBuilder().setFrameworkInfo(framework.info());
    Resources left = offered;
    for (TaskInfo info : operation.getLaunch().getTaskInfosList()) {
      Checked<Resources> checked =
          operation.hasId()
              ? Checked.invalid("Operation id is not supported for LAUNCH")
              : TaskValidator.validate(info, surroundings(framework, agent, role, left));
      switch (checked) {
        case Checked.Invalid<Resources>(String problem) ->
            updates.refuse(
                turn,
                framework,
                info.getTaskId().getValue(),
                info.getAgentId().getValue(),
                TaskState.TASK_ERROR,
                TaskStatus.Reason.REASON_TASK_INVALID,
                problem);
        case Checked.Valid<Resources>(Resources resources) -> {
          left = left.minus(resources);
          Task task = task(framework, role, info, resources);
          master.cluster.addTask(framework, agent, task);
          turn.publish(new OperatorNotice.TaskAdded(task));
          run.addTasks(complete(info, role, resources));
        }
      }
    }
    if (run.getTasksCount() > 0) {
      turn.tell(agent, ToAgent.newBuilder().setRunTasks(run));
    }
    return left;
  }

  private static TaskValidator.Surroundings surroundings(
      Framework framework, Agent agent, String role, Resources left) {
    return new TaskValidator.Surroundings() {
      @Override
      public String agentId() {
        return agent.id();
      }

      @Override
      public String role() {
        return role;
      }

      @Override
      public Resources offered() {
        return left;
      }

      @Override
      public boolean isTaskActive(String taskId) {
        return framework.task(taskId) != null;
      }

      @Override
      public boolean isTaskUnreachable(String taskId) {
        return framework.unreachableTask(taskId) != null;
      }
    };
  }

  /**
   * The task as its agent gets it: with the role its resources are allocated to, and the type of
   * its health check.
   */
  private static TaskInfo complete(TaskInfo info, String role, Resources resources) {
    TaskInfo.Builder task =
        info.toBuilder()
            .clearResources()
            .addAllResources(
                ResourceWire.write(
                    resources.allocatedTo(role), ResourceWire.Format.POST_REFINEMENT));
    if (info.hasHealthCheck()) {
      task.getHealthCheckBuilder().setType(TaskValidator.effectiveType(info.getHealthCheck()));
    }
    return task.build();
  }

  private static Task task(Framework framework, String role, TaskInfo info, Resources resources) {
    io.perigee.mesos.v1.Task.Builder description =
        io.perigee.mesos.v1.Task.newBuilder()
            .setName(info.getName())
            .setTaskId(info.getTaskId())
            .setFrameworkId(framework.info().getId())
            .setAgentId(info.getAgentId())
            .setState(TaskState.TASK_STAGING)
            .putAllLimits(info.getLimitsMap());
    if (info.hasExecutor()) {
      description.setExecutorId(info.getExecutor().getExecutorId());
    }
    if (info.hasLabels()) {
      description.setLabels(info.getLabels());
    }
    if (info.hasDiscovery()) {
      description.setDiscovery(info.getDiscovery());
    }
    if (info.hasContainer()) {
      description.setContainer(info.getContainer());
    }
    if (info.hasHealthCheck()) {
      description.setHealthCheck(info.getHealthCheck());
    }
    if (info.hasKillPolicy()) {
      description.setKillPolicy(info.getKillPolicy());
    }
    if (info.getCommand().hasUser()) {
      description.setUser(info.getCommand().getUser());
    } else if (info.getExecutor().getCommand().hasUser()) {
      description.setUser(info.getExecutor().getCommand().getUser());
    }
    return new Task(
        description.build(),
        info.hasExecutor() ? info.getExecutor().getExecutorId().getValue() : null,
        role,
        resources,
        TaskState.TASK_STAGING,
        TaskState.TASK_STAGING,
        ByteString.EMPTY,
        List.of());
  }
}
