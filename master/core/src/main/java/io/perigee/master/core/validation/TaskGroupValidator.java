package io.perigee.master.core.validation;

import io.perigee.common.Checked;
import io.perigee.common.unit.DataSize;
import io.perigee.master.core.cluster.Executor;
import io.perigee.master.core.cluster.Task;
import io.perigee.mesos.v1.ContainerInfo;
import io.perigee.mesos.v1.ExecutorInfo;
import io.perigee.mesos.v1.HealthCheck;
import io.perigee.mesos.v1.TaskInfo;
import io.perigee.model.Resources;
import io.perigee.model.Scalar;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether a group of tasks may be launched: all of them or none. Source:
 * mesos/src/master/validation.cpp, task::group::validate, in its order.
 */
public final class TaskGroupValidator {
  /** What an executor needs at least; mesos/src/master/constants.hpp, MIN_CPUS and MIN_MEM. */
  private static final long LEAST_CPUS_THOUSANDTHS = 10;

  private static final long LEAST_MEM_THOUSANDTHS = 32_000;

  private TaskGroupValidator() {}

  /**
   * What a group that may be launched takes from the offers.
   *
   * @param tasks resources of each task in their order, held by nobody
   * @param newExecutor null if the executor runs already
   */
  public record Launch(List<Resources> tasks, @Nullable Executor newExecutor) {}

  /**
   * What the group takes, or what is wrong with it, in Mesos' words.
   *
   * @param tasks each with its executor
   */
  public static Checked<Launch> validate(
      List<TaskInfo> tasks, ExecutorInfo executor, LaunchSite site) {
    List<Resources> parts = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (TaskInfo task : tasks) {
      String id = task.getTaskId().getValue();
      Checked<Resources> checked =
          ids.add(id)
              ? TaskValidator.validateAlone(task, site)
              : Checked.invalid("Task has duplicate ID: " + id);
      switch (checked.then(resources -> memberOf(task, resources))) {
        case Checked.Invalid<Resources>(String problem) -> {
          return Checked.invalid("Task '" + id + "' is invalid: " + problem);
        }
        case Checked.Valid<Resources>(Resources resources) -> parts.add(resources);
      }
    }
    return ExecutorValidator.validate(executor, site)
        .then(wanted -> {
          Optional<String> problem =
              executorProblem(tasks, executor, wanted.executor(), site)
                  .or(() -> togetherProblem(parts, wanted.executor()))
                  .or(() -> fitProblem(parts, wanted, site))
                  .or(() -> sharingProblem(tasks, executor, site));
          return problem.isPresent()
              ? Checked.invalid(problem.get())
              : Checked.valid(
                  new Launch(
                      parts.stream().map(Resources::unallocated).toList(),
                      wanted.isNew() ? wanted.executor() : null));
        });
  }

  private static Checked<Resources> memberOf(TaskInfo task, Resources resources) {
    HealthCheck.Type check = CheckValidator.effectiveType(task.getHealthCheck());
    if (task.hasHealthCheck()
        && task.getContainer().getNetworkInfosCount() > 0
        && (check == HealthCheck.Type.HTTP || check == HealthCheck.Type.TCP)) {
      return Checked.invalid(
          "HTTP and TCP health checks are not supported for nested containers not joining parent's"
              + " network");
    }
    if (task.hasContainer() && task.getContainer().getType() == ContainerInfo.Type.DOCKER) {
      return Checked.invalid("Docker ContainerInfo is not supported on the task");
    }
    return task.getLimitsCount() == 0 || !sharesCgroups(task.getContainer())
        ? Checked.valid(resources)
        : Checked.invalid(
            "Resource limits may only be set for tasks within a task group when the"
                + " 'share_cgroups' field is set to 'false'.");
  }

  private static boolean sharesCgroups(ContainerInfo container) {
    return container.getLinuxInfo().getShareCgroups();
  }

  private static Optional<String> executorProblem(
      List<TaskInfo> tasks, ExecutorInfo info, Executor executor, LaunchSite site) {
    if (!info.hasType()) {
      return Optional.of("'ExecutorInfo.type' must be set");
    }
    if (info.getType() == ExecutorInfo.Type.UNKNOWN) {
      return Optional.of("Unknown executor type");
    }
    if (info.hasContainer() && info.getContainer().getType() == ContainerInfo.Type.DOCKER) {
      return Optional.of("Docker ContainerInfo is not supported on the executor");
    }
    for (TaskInfo task : tasks) {
      if (!task.getExecutor().equals(info)
          && !ExecutorValidator.isSame(task.getExecutor(), executor, site)) {
        return Optional.of(
            "The `ExecutorInfo` of task '"
                + task.getTaskId().getValue()
                + "' is different from executor '"
                + executor.id()
                + "'");
      }
    }
    return leastProblem(executor);
  }

  private static Optional<String> leastProblem(Executor executor) {
    long cpus = executor.resources().thousandths("cpus");
    long mem = executor.resources().thousandths("mem");
    String name = "Executor '" + executor.id() + "' uses ";
    if (cpus < LEAST_CPUS_THOUSANDTHS) {
      return Optional.of(
          name
              + "less CPUs ("
              + (cpus == 0 ? "None" : new Scalar(cpus))
              + ") than the minimum required (0.01)");
    }
    if (mem < LEAST_MEM_THOUSANDTHS) {
      return Optional.of(
          name
              + "less memory ("
              + (mem == 0 ? "None" : new DataSize((mem << 20) / 1000))
              + ") than the minimum required (32MB)");
    }
    return executor.resources().thousandths("disk") == 0
        ? Optional.of(name + "no disk")
        : Optional.empty();
  }

  private static Optional<String> togetherProblem(List<Resources> tasks, Executor executor) {
    Resources own = executor.allocated();
    Resources total = tasks.stream().reduce(own, Resources::plus);
    List<Resources> parts = new ArrayList<>(tasks);
    parts.add(own);
    return ResourcesValidator.volumesProblem(total)
        .map(problem -> "Task group and executor use duplicate persistence ID: " + problem)
        .or(() ->
            ResourcesValidator.mixtureProblem(total)
                .map(problem ->
                    "Task group and executor mix revocable and non-revocable resources: "
                        + problem))
        .or(() ->
            ResourcesValidator.overlap(parts)
                ? Optional.of(
                    "There are overlapping resources in the task group's task resources [ "
                        + tasks.stream().map(Resources::toString).collect(Collectors.joining(", "))
                        + " ] and/or executor resources "
                        + own)
                : Optional.empty());
  }

  private static Optional<String> fitProblem(
      List<Resources> tasks, ExecutorValidator.Wanted wanted, LaunchSite site) {
    Resources total = wanted.taken();
    for (Resources task : tasks) {
      total = total.plus(task.unallocated());
    }
    return site.offered().contains(total)
        ? Optional.empty()
        : Optional.of(
            "Total resources "
                + total.allocatedTo(site.role())
                + " required by task group and its executor are more than available "
                + site.offered().allocatedTo(site.role()));
  }

  /** Either all tasks of an executor have cgroups of their own, or none has. */
  private static Optional<String> sharingProblem(
      List<TaskInfo> tasks, ExecutorInfo executor, LaunchSite site) {
    Optional<String> problem = ExecutorValidator.cgroupsProblem(executor);
    if (problem.isPresent()) {
      return problem;
    }
    Set<Boolean> found = new HashSet<>();
    tasks.forEach(task -> found.add(sharesCgroups(task.getContainer())));
    for (Task task : site.tasksOf(executor.getExecutorId().getValue())) {
      found.add(sharesCgroups(task.description().getContainer()));
    }
    return found.size() < 2
        ? Optional.empty()
        : Optional.of(
            "If set, the value of 'share_cgroups' must be the same for all tasks in each task group"
                + " and under a single executor");
  }
}
