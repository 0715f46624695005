package io.perigee.agent.core;

import io.perigee.mesos.v1.TaskResourceLimitation;
import io.perigee.mesos.v1.TaskState;
import io.perigee.mesos.v1.TaskStatus;
import io.perigee.model.Resource;
import io.perigee.model.ResourceWire;
import io.perigee.model.Resources;

/** What the exit of a container says of the task in it, in Mesos' words. */
final class TaskEnds {
  private static final int SIGKILL = 9;

  /** In the status of wait(2). */
  private static final int CORE_DUMPED = 0x80;

  private TaskEnds() {}

  static TaskStatus.Builder of(Statuses statuses, Turn turn, TaskRun task, ContainerExit exit) {
    return switch (exit) {
      case ContainerExit.Exited(int code) ->
          statuses.ofExecutor(
              turn, task, code == 0 ? TaskState.TASK_FINISHED : TaskState.TASK_FAILED, text(exit));
      case ContainerExit.Signaled signaled ->
          statuses.ofExecutor(turn, task, TaskState.TASK_FAILED, text(exit));
      case ContainerExit.OutOfMemory outOfMemory ->
          statuses
              .ofAgent(
                  turn,
                  task,
                  TaskState.TASK_FAILED,
                  TaskStatus.Reason.REASON_CONTAINER_LIMITATION_MEMORY,
                  text(exit))
              .setLimitation(memory(limited(task)));
      case ContainerExit.Lost lost ->
          statuses.ofAgent(
              turn,
              task,
              TaskState.TASK_FAILED,
              TaskStatus.Reason.REASON_EXECUTOR_TERMINATED,
              text(exit));
    };
  }

  private static Resources limited(TaskRun task) {
    return switch (task.executor.kind) {
      case COMMAND -> task.resources.plus(CommandExecutor.OVERHEAD);
      case CUSTOM, DEFAULT -> task.resources;
    };
  }

  /** The memory that was too little. */
  static TaskResourceLimitation memory(Resources limited) {
    return TaskResourceLimitation.newBuilder()
        .addAllResources(
            ResourceWire.write(
                Resources.of(Resource.scalar("mem", limited.thousandths("mem"))),
                ResourceWire.Format.POST_REFINEMENT))
        .build();
  }

  static String text(ContainerExit exit) {
    return switch (exit) {
      case ContainerExit.Exited(int code) -> "Command exited with status " + code;
      case ContainerExit.Signaled(int signal, String name, boolean isCoreDumped) ->
          "Command terminated with signal " + name + (isCoreDumped ? " (core dumped)" : "");
      case ContainerExit.OutOfMemory() -> "Memory limit exceeded";
      case ContainerExit.Lost(String why) -> "Executor terminated: " + why;
    };
  }

  /** The status of wait(2); -1 if nobody saw it. */
  static int waitStatus(ContainerExit exit) {
    return switch (exit) {
      case ContainerExit.Exited(int code) -> code << 8;
      case ContainerExit.Signaled(int signal, String name, boolean isCoreDumped) ->
          signal | (isCoreDumped ? CORE_DUMPED : 0);
      case ContainerExit.OutOfMemory() -> SIGKILL;
      case ContainerExit.Lost lost -> -1;
    };
  }
}
