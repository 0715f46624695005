package io.perigee.agent.core;

import io.perigee.mesos.v1.CommandInfo;
import io.perigee.mesos.v1.ContainerInfo;
import io.perigee.mesos.v1.DurationInfo;
import io.perigee.mesos.v1.ExecutorID;
import io.perigee.mesos.v1.ExecutorInfo;
import io.perigee.mesos.v1.FrameworkInfo;
import io.perigee.mesos.v1.TaskInfo;
import io.perigee.model.Resource;
import io.perigee.model.ResourceWire;
import io.perigee.model.Resources;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What Mesos' command executor would be for a task with a command, which runs here without one.
 * Pure. Source: mesos/src/launcher/executor.cpp; Slave::getExecutorInfo in
 * mesos/src/slave/slave.cpp.
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

  /** Longer commands are cut in the executor's name. */
  private static final int LONGEST_COMMAND = 15;

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
                    OVERHEAD.allocatedTo(LaunchPlans.allocationRole(resources)),
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
                  Math.clamp(
                          task.getKillPolicy().getGracePeriod().getNanoseconds(),
                          0,
                          Long.MAX_VALUE - OWN_SHARE_OF_GRACE_NANOS)
                      + OWN_SHARE_OF_GRACE_NANOS));
    }
    if (task.hasLabels()) {
      info.setLabels(task.getLabels());
    }
    return info.build();
  }

  /**
   * Why a container cannot be made by this agent, in a text for its owner; empty if it can.
   *
   * @param container of a task or of an executor
   */
  static String obstacle(ContainerInfo container) {
    return container.hasDocker()
            || container.getMesos().hasImage()
            || container.getVolumesCount() > 0
        ? "images and volumes are not supported by this agent"
        : "";
  }
}
