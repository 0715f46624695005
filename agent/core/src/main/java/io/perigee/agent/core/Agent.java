package io.perigee.agent.core;

import io.perigee.common.SeededRandom;
import io.perigee.common.Uuids;
import io.perigee.common.loop.Deadlines;
import io.perigee.mesos.v1.AgentID;
import io.perigee.mesos.v1.AgentInfo;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** What all deciding classes share: the state of the agent, and nothing that decides. */
final class Agent {
  private static final String[] COUNTERS = {
    "slave/container_launch_errors",
    "slave/executors_preempted",
    "slave/executors_terminated",
    "slave/invalid_framework_messages",
    "slave/invalid_status_updates",
    "slave/tasks_failed",
    "slave/tasks_finished",
    "slave/tasks_killed",
    "slave/tasks_lost",
    "slave/tasks_dropped",
    "slave/tasks_gone",
    "slave/valid_framework_messages",
    "slave/valid_status_updates"
  };

  final AgentConfig config;
  final SeededRandom random;
  final Deadlines<Timer> timers = new Deadlines<>();
  final UpdateStreams updates = new UpdateStreams(timers);

  /** Frameworks with something here. */
  final Map<String, FrameworkRun> frameworks = new LinkedHashMap<>();

  /** Containers that are not gone yet, by id; also those that nobody wants to hear of. */
  final Map<String, ContainerRun> containers = new LinkedHashMap<>();

  /** Executors that hear events, by the number of their stream. */
  final Map<Long, ExecutorRun> streams = new LinkedHashMap<>();

  /** Frameworks that ended, newest last. */
  final ArrayDeque<AgentSnapshot.Framework> completed = new ArrayDeque<>();

  private final Map<String, Long> counters = new TreeMap<>();

  /** Given by the master at the first registration; empty before. */
  String id = "";

  /** The link that is open, with the registration on its way or answered; 0 without one. */
  long link;

  /** The link on which the agent is registered, or 0. */
  long registeredLink;

  /** True once the agent is to end: it takes no tasks any more. */
  boolean isStopping;

  Agent(AgentConfig config) {
    this.config = config;
    this.random = new SeededRandom(config.seed());
    for (String name : COUNTERS) {
      counters.put(name, 0L);
    }
  }

  AgentInfo info() {
    return id.isEmpty()
        ? config.info()
        : config.info().toBuilder().setId(AgentID.newBuilder().setValue(id)).build();
  }

  AgentID agentId() {
    return AgentID.newBuilder().setValue(id).build();
  }

  String newId() {
    return Uuids.random(random).toString();
  }

  void count(String name) {
    counters.merge(name, 1L, Long::sum);
  }

  Map<String, Double> counterValues() {
    Map<String, Double> values = new TreeMap<>();
    counters.forEach((name, count) -> values.put(name, (double) count));
    return values;
  }
}
