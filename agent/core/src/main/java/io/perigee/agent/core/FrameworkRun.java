package io.perigee.agent.core;

import io.perigee.mesos.v1.FrameworkInfo;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;

/** A framework with something on this agent. Owned by the loop. */
final class FrameworkRun {
  FrameworkInfo info;

  /** By the id of their task. */
  final Map<String, ExecutorRun> executors = new LinkedHashMap<>();

  /** Newest last. */
  final ArrayDeque<AgentSnapshot.Executor> completed = new ArrayDeque<>();

  FrameworkRun(FrameworkInfo info) {
    this.info = info;
  }

  String id() {
    return info.getId().getValue();
  }
}
