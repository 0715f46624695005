package io.perigee.master.core.validation;

import io.perigee.common.Checked;
import io.perigee.master.core.cluster.Executor;
import io.perigee.mesos.v1.ExecutorInfo;
import io.perigee.mesos.v1.TaskInfo;
import io.perigee.mesos.v1.Value;
import io.perigee.model.Identifiers;
import io.perigee.model.Resource;
import io.perigee.model.Resources;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a task may be launched with what was offered. Source: mesos/src/master/validation.cpp,
 * task::validate, in its order.
 */
public final class TaskValidator {
  private TaskValidator() {}

  /**
   * What a task that may be launched takes from the offers.
   *
   * @param resources its own, held by nobody
   * @param newExecutor the executor that begins with it; null if it has a command, or if its
   *     executor runs already
   */
  public record Launch(Resources resources, @Nullable Executor newExecutor) {}

  /**
   * What the task takes, or what is wrong with it, in Mesos' words.
   *
   * @param task its executor, if it has one, with framework_id
   */
  public static Checked<Launch> validate(TaskInfo task, LaunchSite site) {
    return validateAlone(task, site)
        .then(resources -> withExecutor(task, resources, site))
        .then(launch ->
            task.getContainer().getLinuxInfo().getShareCgroups()
                ? Checked.valid(launch)
                : Checked.invalid(
                    "Only tasks in a task group may have 'share_cgroups' set to 'false'"));
  }

  /** The task without regard to its executor; its resources are allocated to their role. */
  static Checked<Resources> validateAlone(TaskInfo task, LaunchSite site) {
    Optional<String> problem =
        idProblem(task, site).or(() -> timesProblem(task)).or(() -> CheckValidator.problem(task));
    if (problem.isPresent()) {
      return Checked.invalid(problem.get());
    }
    if (task.getResourcesCount() == 0) {
      return Checked.invalid("Task uses no resources");
    }
    return ResourcesValidator.read("Task", task.getResourcesList(), site.role())
        .then(resources ->
            roleProblem(resources, site)
                .or(() -> partsProblem(task, resources))
                .<Checked<Resources>>map(Checked::invalid)
                .orElse(Checked.valid(resources)));
  }

  private static Optional<String> idProblem(TaskInfo task, LaunchSite site) {
    String id = task.getTaskId().getValue();
    Optional<String> malformed = Identifiers.problem(id);
    if (malformed.isPresent()) {
      return malformed;
    }
    if (site.isTaskActive(id)) {
      return Optional.of("Task has duplicate ID: " + id);
    }
    if (site.isTaskUnreachable(id)) {
      return Optional.of("Task reuses the ID of an unreachable task: " + id);
    }
    return task.getAgentId().getValue().equals(site.agentId())
        ? Optional.empty()
        : Optional.of(
            "Task uses invalid agent "
                + task.getAgentId().getValue()
                + " while agent "
                + site.agentId()
                + " is expected");
  }

  private static Optional<String> timesProblem(TaskInfo task) {
    if (task.getKillPolicy().getGracePeriod().getNanoseconds() < 0) {
      return Optional.of("Task's 'kill_policy.grace_period' must be non-negative");
    }
    return task.getMaxCompletionTime().getNanoseconds() < 0
        ? Optional.of("Task's `max_completion_time` must be non-negative")
        : Optional.empty();
  }

  private static Optional<String> roleProblem(Resources resources, LaunchSite site) {
    for (Resource resource : resources) {
      if (!site.role().equals(resource.key().allocationRole())) {
        return Optional.of(
            "Task uses resources allocated to role '"
                + resource.key().allocationRole()
                + "' while role '"
                + site.role()
                + "' is expected");
      }
    }
    return Optional.empty();
  }

  private static Optional<String> partsProblem(TaskInfo task, Resources resources) {
    return CommandValidator.problem(task.getCommand())
        .map(problem -> "Task's `CommandInfo` is invalid: " + problem)
        .or(() ->
            task.hasContainer()
                ? ContainerValidator.problem(task.getContainer())
                    .map(problem -> "Task's `ContainerInfo` is invalid: " + problem)
                : Optional.empty())
        .or(() -> limitsProblem(task.getLimitsMap(), resources));
  }

  private static Optional<String> limitsProblem(
      Map<String, Value.Scalar> limits, Resources resources) {
    Value.Scalar cpus = limits.get("cpus");
    Value.Scalar mem = limits.get("mem");
    if (limits.size() > (cpus == null ? 0 : 1) + (mem == null ? 0 : 1)) {
      return Optional.of("Only cpus and mem may be included in a task's resource limits");
    }
    if (cpus != null) {
      long request = resources.thousandths("cpus");
      if (request == 0) {
        return Optional.of("When a CPU limit is specified, a CPU request must also be specified");
      }
      if (!(cpus.getValue() >= request / 1000.0)) {
        return Optional.of("The cpu limit must be greater than or equal to the cpu request");
      }
    }
    if (mem != null) {
      long request = resources.thousandths("mem");
      if (request == 0) {
        return Optional.of(
            "When a memory limit is specified, a memory request must also be specified");
      }
      if (!(mem.getValue() >= request / 1000.0)) {
        return Optional.of("The memory limit must be greater than or equal to the memory request");
      }
    }
    return Optional.empty();
  }

  private static Checked<Launch> withExecutor(TaskInfo task, Resources resources, LaunchSite site) {
    if (task.hasCommand() == task.hasExecutor()) {
      return Checked.invalid(
          "Task should have at least one (but not both) of CommandInfo or ExecutorInfo present");
    }
    if (!task.hasExecutor()) {
      return fit(new Launch(resources.unallocated(), null), site);
    }
    return ExecutorValidator.validate(task.getExecutor(), site)
        .then(wanted -> {
          Resources own = wanted.executor().allocated();
          Optional<String> problem =
              customProblem(task.getExecutor(), own).or(() -> togetherProblem(resources, own));
          return problem.isPresent()
              ? Checked.invalid(problem.get())
              : fit(
                  new Launch(resources.unallocated(), wanted.isNew() ? wanted.executor() : null),
                  site);
        });
  }

  private static Optional<String> customProblem(ExecutorInfo info, Resources resources) {
    if (info.hasType() && info.getType() != ExecutorInfo.Type.CUSTOM) {
      return Optional.of("'ExecutorInfo.type' must be 'CUSTOM'");
    }
    if (!info.hasCommand()) {
      return Optional.of("'ExecutorInfo.command' must be set");
    }
    return resources.filter(key -> key.isShared()).isEmpty()
        ? ExecutorValidator.cgroupsProblem(info)
        : Optional.of(
            "Executor resources " + resources + " should not contain any shared resources");
  }

  private static Optional<String> togetherProblem(Resources task, Resources executor) {
    if (ResourcesValidator.overlap(List.of(task, executor))) {
      return Optional.of(
          "There are overlapping resources in the task resources "
              + task
              + " and executor resources "
              + executor);
    }
    Resources total = task.plus(executor);
    return ResourcesValidator.volumesProblem(total)
        .map(problem -> "Task and its executor use duplicate persistence ID: " + problem)
        .or(() ->
            ResourcesValidator.mixtureProblem(total)
                .map(problem ->
                    "Task and its executor mix revocable and non-revocable resources: " + problem));
  }

  private static Checked<Launch> fit(Launch launch, LaunchSite site) {
    Executor executor = launch.newExecutor();
    Resources total =
        executor == null ? launch.resources() : launch.resources().plus(executor.resources());
    return site.offered().contains(total)
        ? Checked.valid(launch)
        : Checked.invalid(
            "Total resources "
                + total.allocatedTo(site.role())
                + " required by task and its executor is more than available "
                + site.offered().allocatedTo(site.role()));
  }
}
