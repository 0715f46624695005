package io.perigee.agent.core;

import io.perigee.agent.core.AgentSnapshot.ExecutorKind;
import io.perigee.common.Checked;
import io.perigee.mesos.v1.CommandInfo;
import io.perigee.model.Resource;
import io.perigee.model.ResourceWire;
import io.perigee.model.Resources;
import io.perigee.model.Roles;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is asked of the container runtime for a task or an executor. Pure. */
final class LaunchPlans {
  private LaunchPlans() {}

  /** The container of a CUSTOM executor, with room for the tasks that wait for it. */
  static AgentCommand.LaunchContainer ofExecutor(Agent agent, ExecutorRun executor) {
    executor.limits = Limits.of(executor.used());
    return plan(
        agent,
        executor.containerId,
        executor.directory,
        latest(executor),
        executor.info.getCommand(),
        ExecutorEnvironment.ofExecutor(agent, executor),
        executor,
        executor.limits);
  }

  static AgentCommand.LaunchContainer ofTask(Agent agent, TaskRun task, ContainerRun container) {
    ExecutorRun executor = task.executor;
    boolean isInGroup = executor.kind == ExecutorKind.DEFAULT;
    return plan(
        agent,
        container.id,
        container.directory,
        isInGroup ? executor.directory + "/tasks/" + task.id() : latest(executor),
        task.info.getCommand(),
        ExecutorEnvironment.ofTask(agent, task, container),
        executor,
        Limits.of(isInGroup ? task.resources : task.resources.plus(CommandExecutor.OVERHEAD)));
  }

  private static String latest(ExecutorRun executor) {
    String directory = executor.directory;
    return directory.substring(0, directory.lastIndexOf('/')) + "/latest";
  }

  private static AgentCommand.LaunchContainer plan(
      Agent agent,
      String containerId,
      String sandbox,
      String link,
      CommandInfo command,
      Map<String, String> environment,
      ExecutorRun executor,
      Limits limits) {
    boolean isShell = command.getShell();
    return new AgentCommand.LaunchContainer(
        containerId,
        sandbox,
        link,
        isShell ? "/bin/sh" : command.getValue(),
        isShell
            ? List.of("/bin/sh", "-c", command.getValue())
            : command.getArgumentsCount() == 0
                ? List.of(command.getValue())
                : command.getArgumentsList(),
        environment,
        user(agent, command, executor),
        limits.cpusThousandths(),
        limits.memBytes(),
        command.getUrisList());
  }

  /** That of the command, else that of its executor, else the framework's. */
  private static @Nullable String user(Agent agent, CommandInfo command, ExecutorRun executor) {
    if (!agent.config.switchUser()) {
      return null;
    }
    if (command.hasUser()) {
      return command.getUser();
    }
    return executor.info.getCommand().hasUser()
        ? executor.info.getCommand().getUser()
        : executor.framework.info.getUser();
  }

  /** To whom resources are allocated: all of a task or an executor are to the same role. */
  static String allocationRole(Resources resources) {
    for (Resource resource : resources) {
      String role = resource.key().allocationRole();
      if (role != null) {
        return role;
      }
    }
    return Roles.ANY;
  }

  /** Resources that the master has checked; of a newer master they may be unreadable: then none. */
  static Resources read(List<io.perigee.mesos.v1.Resource> resources) {
    return switch (ResourceWire.read(resources)) {
      case Checked.Valid<Resources>(Resources valid) -> valid;
      case Checked.Invalid<Resources>(String problem) -> Resources.EMPTY;
    };
  }
}
