package io.perigee.agent.core;

import io.perigee.common.unit.Durations;
import io.perigee.mesos.v1.CommandInfo;
import io.perigee.mesos.v1.DurationInfo;
import io.perigee.mesos.v1.Environment;
import io.perigee.mesos.v1.ExecutorID;
import io.perigee.mesos.v1.ExecutorInfo;
import io.perigee.mesos.v1.FrameworkInfo;
import io.perigee.mesos.v1.TaskInfo;
import io.perigee.model.Resource;
import io.perigee.model.ResourceWire;
import io.perigee.model.Resources;
import io.perigee.model.Roles;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How the command of a task is run: what Mesos' command executor would make of it, without a
 * process of its own. Pure. Source: mesos/src/launcher/executor.cpp; Slave::getExecutorInfo and
 * executorEnvironment in mesos/src/slave/slave.cpp.
 */
final class CommandExecutor {
  /** What Mesos adds to a task for its executor; not visible in the master. */
  static final Resources OVERHEAD =
      Resources.of(Resource.scalar("cpus", 100), Resource.scalar("mem", 32_000));

  /** Time between SIGTERM and SIGKILL if nobody says otherwise. */
  static final long DEFAULT_GRACE_NANOS = 3_000_000_000L;

  /** What the executor keeps of its own time to end, beyond the grace period of its task. */
  private static final long OWN_SHARE_OF_GRACE_NANOS = 2_000_000_000L;

  /** Where readers find Mesos' command executor; nothing is there and nothing of it is run. */
  private static final String LAUNCHER_DIRECTORY = "/usr/libexec/mesos";

  private static final String DEFAULT_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  /** Longer commands are cut in the executor's name. */
  private static final int LONGEST_COMMAND = 15;

  private static final long BYTES_IN_MEGABYTE = 1L << 20;

  private CommandExecutor() {}

  /** {@code Command Executor (Task: t) (Command: sh -c 'sleep 1')}. */
  static String name(TaskInfo task) {
    CommandInfo command = task.getCommand();
    String shown;
    if (!command.getShell()) {
      shown =
          Stream.concat(Stream.of(command.getValue()), command.getArgumentsList().stream())
              .collect(Collectors.joining(", ", "[", "]"));
    } else if (command.hasValue()) {
      String value = command.getValue();
      shown =
          "sh -c '"
              + (value.length() > LONGEST_COMMAND
                  ? value.substring(0, LONGEST_COMMAND - 3) + "..."
                  : value)
              + "'";
    } else {
      shown = "NO COMMAND";
    }
    return "Command Executor (Task: " + task.getTaskId().getValue() + ") (Command: " + shown + ")";
  }

  /**
   * The executor that Mesos would have made for a task, for those who read of it.
   *
   * @param resources those of the task, as allocated
   */
  @SuppressWarnings("deprecation") // Readers still look at the source.
  static ExecutorInfo info(FrameworkInfo framework, TaskInfo task, Resources resources) {
    CommandInfo.Builder command =
        CommandInfo.newBuilder()
            .setShell(false)
            .setValue(LAUNCHER_DIRECTORY + "/mesos-executor")
            .addArguments("mesos-executor")
            .addArguments("--launcher_dir=" + LAUNCHER_DIRECTORY)
            .addAllUris(task.getCommand().getUrisList());
    if (task.getCommand().hasEnvironment()) {
      command.setEnvironment(task.getCommand().getEnvironment());
    }
    if (task.getCommand().hasUser()) {
      command.setUser(task.getCommand().getUser());
    }
    ExecutorInfo.Builder info =
        ExecutorInfo.newBuilder()
            .setExecutorId(ExecutorID.newBuilder().setValue(task.getTaskId().getValue()))
            .setFrameworkId(framework.getId())
            .setCommand(command)
            .addAllResources(
                ResourceWire.write(
                    OVERHEAD.allocatedTo(allocationRole(resources)),
                    ResourceWire.Format.POST_REFINEMENT))
            .setName(name(task))
            .setSource(task.getTaskId().getValue());
    if (task.hasContainer()) {
      info.setContainer(task.getContainer());
    }
    if (task.hasDiscovery()) {
      info.setDiscovery(task.getDiscovery());
    }
    if (task.getKillPolicy().hasGracePeriod()) {
      info.setShutdownGracePeriod(
          DurationInfo.newBuilder()
              .setNanoseconds(
                  Math.max(0, task.getKillPolicy().getGracePeriod().getNanoseconds())
                      + OWN_SHARE_OF_GRACE_NANOS));
    }
    if (task.hasLabels()) {
      info.setLabels(task.getLabels());
    }
    return info.build();
  }

  static AgentCommand.LaunchContainer launch(Agent agent, ExecutorRun run) {
    CommandInfo command = run.task.getCommand();
    Resources limits = run.resources.plus(OVERHEAD);
    boolean isShell = command.getShell();
    return new AgentCommand.LaunchContainer(
        run.containerId,
        run.directory,
        run.directory.substring(0, run.directory.lastIndexOf('/')) + "/latest",
        isShell ? "/bin/sh" : command.getValue(),
        isShell
            ? List.of("/bin/sh", "-c", command.getValue())
            : command.getArgumentsCount() == 0
                ? List.of(command.getValue())
                : command.getArgumentsList(),
        environment(agent, run),
        agent.config.switchUser()
            ? command.hasUser() ? command.getUser() : run.framework.info.getUser()
            : null,
        limits.thousandths("cpus"),
        limits.thousandths("mem") * BYTES_IN_MEGABYTE / 1000,
        command.getUrisList());
  }

  private static Map<String, String> environment(Agent agent, ExecutorRun run) {
    AgentConfig config = agent.config;
    String endpoint = config.ip() + ":" + config.info().getPort();
    boolean checkpoint = run.framework.info.getCheckpoint();
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("PATH", DEFAULT_PATH);
    variables.putAll(config.executorEnvironment());
    variables.put("LIBPROCESS_IP", config.ip());
    variables.put("LIBPROCESS_PORT", "0");
    variables.put("MESOS_FRAMEWORK_ID", run.framework.id());
    variables.put("MESOS_EXECUTOR_ID", run.task.getTaskId().getValue());
    variables.put("MESOS_TASK_ID", run.task.getTaskId().getValue());
    variables.put("MESOS_SLAVE_ID", agent.id);
    variables.put("MESOS_DIRECTORY", run.directory);
    variables.put("MESOS_SANDBOX", run.directory);
    variables.put("MESOS_SLAVE_PID", "slave(1)@" + endpoint);
    variables.put("MESOS_AGENT_ENDPOINT", endpoint);
    variables.put("MESOS_CHECKPOINT", checkpoint ? "1" : "0");
    variables.put("MESOS_HTTP_COMMAND_EXECUTOR", "0");
    variables.put(
        "MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD",
        Durations.print(config.executorShutdownGracePeriod()));
    variables.put("MESOS_ALLOCATION_ROLE", allocationRole(run.resources));
    for (Environment.Variable variable :
        run.task.getCommand().getEnvironment().getVariablesList()) {
      if (variable.hasValue()) {
        variables.put(variable.getName(), variable.getValue());
      } else if (variable.getSecret().hasValue()) {
        variables.put(variable.getName(), variable.getSecret().getValue().getData().toStringUtf8());
      }
    }
    return variables;
  }

  private static String allocationRole(Resources resources) {
    for (Resource resource : resources) {
      String role = resource.key().allocationRole();
      if (role != null) {
        return role;
      }
    }
    return Roles.ANY;
  }

  /** Why a task cannot be run by this agent, in a text for its owner; empty if it can. */
  static String obstacle(TaskInfo task) {
    if (task.hasExecutor()) {
      return "tasks with an executor of their own are not supported by this agent";
    }
    if (task.hasContainer()
        && (task.getContainer().hasDocker()
            || task.getContainer().getMesos().hasImage()
            || task.getContainer().getVolumesCount() > 0)) {
      return "images and volumes are not supported by this agent";
    }
    return task.getCommand().getUrisCount() > 0
        ? "Failed to fetch all URIs for container: URIs are not supported by this agent"
        : "";
  }
}
