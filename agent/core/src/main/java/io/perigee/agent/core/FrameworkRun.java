package io.perigee.agent.core;

import io.perigee.mesos.v1.FrameworkInfo;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;

/** A framework with something on this agent. Owned by the loop. */
final class FrameworkRun {
  FrameworkInfo info;

  /** By id; that of a task with a command has the id of its task. */
  final Map<String, ExecutorRun> executors = new LinkedHashMap<>();

  /** Those of all its executors, by id. */
  final Map<String, TaskRun> tasks = new LinkedHashMap<>();

  /** Newest last. */
  final ArrayDeque<AgentSnapshot.Executor> completed = new ArrayDeque<>();

  /** True once the master shut it down: its executors end, and nothing is told of them. */
  boolean isTerminating;

  FrameworkRun(FrameworkInfo info) {
    this.info = info;
  }

  String id() {
    return info.getId().getValue();
  }
}
