package io.perigee.agent.core;

import io.perigee.agent.core.AgentSnapshot.ExecutorKind;
import io.perigee.agent.core.AgentSnapshot.ExecutorState;
import io.perigee.mesos.v1.ExecutorInfo;
import io.perigee.mesos.v1.Task;
import io.perigee.model.Resources;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An executor and its tasks. It stays until it is gone and the last update of each of its tasks is
 * acknowledged. Owned by the loop.
 *
 * <p>{@code REGISTERING → RUNNING → TERMINATING → TERMINATED}, each of which may be left out; one
 * of kind DEFAULT begins in RUNNING.
 */
final class ExecutorRun {
  /** As many tasks that are over and acknowledged does an executor remember, as in Mesos. */
  private static final int MOST_COMPLETED_TASKS = 200;

  final FrameworkRun framework;
  final ExecutorKind kind;

  /** With framework_id. */
  final ExecutorInfo info;

  /** Its own, without those of its tasks. */
  final Resources resources;

  final String containerId;
  final String directory;

  /** Those with something left to do or to tell, by id. */
  final Map<String, TaskRun> tasks = new LinkedHashMap<>();

  /** Newest last. */
  final ArrayDeque<Task> completedTasks = new ArrayDeque<>();

  ExecutorState state = ExecutorState.REGISTERING;

  /** That of its process, or of the one task with a command; null for DEFAULT. */
  @Nullable ContainerRun container;

  /** On which a CUSTOM one hears its events; 0 without one. */
  long stream;

  /** Whether it was ever told of a task. */
  boolean hadTask;

  /** What its tasks are told if it did not register in time; else empty. */
  String whyEnded = "";

  /** What its container may use by now. */
  Limits limits;

  ExecutorRun(
      FrameworkRun framework,
      ExecutorKind kind,
      ExecutorInfo info,
      Resources resources,
      String containerId,
      String directory) {
    this.framework = framework;
    this.kind = kind;
    this.info = info;
    this.resources = resources;
    this.containerId = containerId;
    this.directory = directory;
    this.limits = Limits.of(resources);
  }

  String id() {
    return info.getExecutorId().getValue();
  }

  long pid() {
    return container == null ? 0 : container.pid;
  }

  /** Whether it takes tasks. */
  boolean isUsable() {
    return state == ExecutorState.REGISTERING || state == ExecutorState.RUNNING;
  }

  boolean isOver() {
    return state == ExecutorState.TERMINATED;
  }

  List<TaskRun> liveTasks() {
    return tasks.values().stream().filter(task -> !task.isOver()).toList();
  }

  List<TaskRun> queuedTasks() {
    return tasks.values().stream().filter(task -> task.isQueued).toList();
  }

  /** Its own resources and those of its tasks that are not over. */
  Resources used() {
    Resources used = resources;
    for (TaskRun task : tasks.values()) {
      if (!task.isOver()) {
        used = used.plus(task.resources);
      }
    }
    return used;
  }

  void remember(Task task) {
    completedTasks.addLast(task);
    if (completedTasks.size() > MOST_COMPLETED_TASKS) {
      completedTasks.removeFirst();
    }
  }
}
