package io.perigee.master.core.validation;

import io.perigee.common.Checked;
import io.perigee.master.core.cluster.Executor;
import io.perigee.mesos.v1.CommandInfo;
import io.perigee.mesos.v1.ContainerInfo;
import io.perigee.mesos.v1.ExecutorInfo;
import io.perigee.mesos.v1.FrameworkID;
import io.perigee.model.Identifiers;
import io.perigee.model.ResourceWire;
import io.perigee.model.Resources;
import java.util.Comparator;
import java.util.Optional;

/**
 * Whether an executor may be launched, or given another task. Source:
 * mesos/src/master/validation.cpp, namespace executor.
 */
final class ExecutorValidator {
  /**
   * Of each description in a problem: two whole ones for each of a call's tasks would have no
   * bound.
   */
  private static final int MOST_TEXT = 2000;

  private static final String LINE = "-".repeat(60);

  private ExecutorValidator() {}

  /**
   * An executor that tasks want.
   *
   * @param isNew its resources must be taken from the offers; else it runs already
   */
  record Wanted(Executor executor, boolean isNew) {
    /** What it takes from the offers, held by nobody. */
    Resources taken() {
      return isNew ? executor.resources() : Resources.EMPTY;
    }
  }

  static Checked<Wanted> validate(ExecutorInfo info, LaunchSite site) {
    Optional<String> problem = problem(info).or(() -> frameworkProblem(info, site));
    if (problem.isPresent()) {
      return Checked.invalid(problem.get());
    }
    return ResourcesValidator.read("Executor", info.getResourcesList(), site.role())
        .then(resources -> compare(executor(info, resources, site), site));
  }

  private static Optional<String> problem(ExecutorInfo info) {
    return typeProblem(info)
        .or(() -> Identifiers.problem(info.getExecutorId().getValue()))
        .or(() ->
            info.getShutdownGracePeriod().getNanoseconds() < 0
                ? Optional.of("ExecutorInfo's 'shutdown_grace_period' must be non-negative")
                : Optional.empty())
        .or(() ->
            CommandValidator.problem(info.getCommand())
                .map(problem -> "Executor's `CommandInfo` is invalid: " + problem))
        .or(() ->
            info.hasContainer()
                ? ContainerValidator.problem(info.getContainer())
                    .map(problem -> "Executor's `ContainerInfo` is invalid: " + problem)
                : Optional.empty());
  }

  private static Optional<String> typeProblem(ExecutorInfo info) {
    return switch (info.getType()) {
      case DEFAULT -> {
        if (info.hasCommand()) {
          yield Optional.of("'ExecutorInfo.command' must not be set for 'DEFAULT' executor");
        }
        if (info.hasContainer() && info.getContainer().getType() != ContainerInfo.Type.MESOS) {
          yield Optional.of("'ExecutorInfo.container.type' must be 'MESOS' for 'DEFAULT' executor");
        }
        yield info.getContainer().getMesos().hasImage()
            ? Optional.of(
                "'ExecutorInfo.container.mesos.image' must not be set for 'DEFAULT' executor")
            : Optional.empty();
      }
      case CUSTOM ->
          info.hasCommand()
              ? Optional.empty()
              : Optional.of("'ExecutorInfo.command' must be set for 'CUSTOM' executor");
      case UNKNOWN -> Optional.empty();
    };
  }

  private static Optional<String> frameworkProblem(ExecutorInfo info, LaunchSite site) {
    if (!info.hasFrameworkId()) {
      return Optional.of("'ExecutorInfo.framework_id' must be set");
    }
    return info.getFrameworkId().getValue().equals(site.frameworkId())
        ? Optional.empty()
        : Optional.of(
            "ExecutorInfo has an invalid FrameworkID (Actual: "
                + info.getFrameworkId().getValue()
                + " vs Expected: "
                + site.frameworkId()
                + ")");
  }

  static Optional<String> cgroupsProblem(ExecutorInfo info) {
    return info.getContainer().getLinuxInfo().hasShareCgroups()
            && info.getContainer().getLinuxInfo().getShareCgroups()
        ? Optional.of("The 'share_cgroups' field cannot be set to 'true' on executor containers")
        : Optional.empty();
  }

  /** The executor in the form in which agents get it and in which two are compared. */
  private static Executor executor(ExecutorInfo info, Resources resources, LaunchSite site) {
    String role =
        resources.isEmpty() ? site.role() : String.valueOf(resources.get(0).key().allocationRole());
    ExecutorInfo normal =
        info.toBuilder()
            .setFrameworkId(FrameworkID.newBuilder().setValue(site.frameworkId()))
            .clearResources()
            .addAllResources(ResourceWire.write(resources, ResourceWire.Format.POST_REFINEMENT))
            .build();
    return new Executor(site.agentId(), normal, role, resources.unallocated());
  }

  /** True if a description means an executor, in whatever form it says so. */
  static boolean isSame(ExecutorInfo info, Executor executor, LaunchSite site) {
    return ResourcesValidator.read("Executor", info.getResourcesList(), site.role())
            instanceof Checked.Valid<Resources>(Resources resources)
        && isSame(executor(info, resources, site).info(), executor.info());
  }

  private static boolean isSame(ExecutorInfo a, ExecutorInfo b) {
    return a.equals(b) || sorted(a).equals(sorted(b));
  }

  private static Checked<Wanted> compare(Executor wanted, LaunchSite site) {
    Executor running = site.executor(wanted.id());
    if (running == null) {
      return Checked.valid(new Wanted(wanted, true));
    }
    return isSame(running.info(), wanted.info())
        ? Checked.valid(new Wanted(running, false))
        : Checked.invalid(
            "ExecutorInfo is not compatible with existing ExecutorInfo with same ExecutorID.\n"
                + LINE
                + "\nExisting ExecutorInfo:\n"
                + brief(running.info())
                + "\n"
                + LINE
                + "\nExecutorInfo:\n"
                + brief(wanted.info())
                + "\n"
                + LINE
                + "\n");
  }

  /** Frameworks fill variables and files from tables that have no order; Mesos forgives that. */
  private static ExecutorInfo sorted(ExecutorInfo info) {
    ExecutorInfo.Builder sorted = info.toBuilder();
    CommandInfo command = info.getCommand();
    CommandInfo.Builder inOrder = sorted.getCommandBuilder().clearUris();
    command.getUrisList().stream()
        .sorted(Comparator.comparing(CommandInfo.URI::getValue))
        .forEach(inOrder::addUris);
    inOrder.getEnvironmentBuilder().clearVariables();
    command.getEnvironment().getVariablesList().stream()
        .sorted(Comparator.comparing(variable -> variable.getName()))
        .forEach(inOrder.getEnvironmentBuilder()::addVariables);
    return sorted.build();
  }

  private static String brief(ExecutorInfo info) {
    String text = info.toBuilder().clearData().build().toString();
    return text.length() <= MOST_TEXT ? text : text.substring(0, MOST_TEXT) + "...";
  }
}
