package io.perigee.model;

import io.perigee.mesos.v1.TaskState;

/** What a task's state means. Source: mesos/src/common/protobuf_utils.cpp, isTerminalState. */
public final class TaskStates {
  private TaskStates() {}

  /** True if the task is over: it uses nothing any more and its state never changes again. */
  public static boolean isTerminal(TaskState state) {
    return switch (state) {
      case TASK_FINISHED,
          TASK_FAILED,
          TASK_KILLED,
          TASK_ERROR,
          TASK_LOST,
          TASK_DROPPED,
          TASK_GONE,
          TASK_GONE_BY_OPERATOR ->
          true;
      case TASK_STAGING,
          TASK_STARTING,
          TASK_RUNNING,
          TASK_KILLING,
          TASK_UNREACHABLE,
          TASK_UNKNOWN ->
          false;
    };
  }
}
