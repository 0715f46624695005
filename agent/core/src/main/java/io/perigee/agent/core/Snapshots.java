package io.perigee.agent.core;

import io.perigee.common.Checked;
import io.perigee.mesos.v1.Task;
import io.perigee.model.ResourceWire;
import io.perigee.model.Resources;
import java.util.List;

/** Makes what readers see of the agent's state. */
final class Snapshots {
  private Snapshots() {}

  static AgentSnapshot of(Agent agent, long nowNanos) {
    return new AgentSnapshot(
        nowNanos,
        agent.info(),
        total(agent),
        agent.registeredLink != 0,
        agent.frameworks.values().stream().map(f -> framework(agent, f)).toList(),
        List.copyOf(agent.completed),
        agent.counterValues());
  }

  private static Resources total(Agent agent) {
    return switch (ResourceWire.read(agent.config.info().getResourcesList())) {
      case Checked.Valid<Resources>(Resources resources) -> resources;
      case Checked.Invalid<Resources>(String problem) -> Resources.EMPTY;
    };
  }

  static AgentSnapshot.Framework framework(Agent agent, FrameworkRun framework) {
    return new AgentSnapshot.Framework(
        framework.info,
        framework.executors.values().stream().map(run -> executor(agent, run)).toList(),
        List.copyOf(framework.completed));
  }

  static AgentSnapshot.Executor executor(Agent agent, ExecutorRun run) {
    List<Task> task = List.of(run.describe(agent.id, agent.updates.front(run.key())));
    return new AgentSnapshot.Executor(
        AgentSnapshot.ExecutorKind.COMMAND,
        run.isLive
            ? run.pid == 0
                ? AgentSnapshot.ExecutorState.REGISTERING
                : AgentSnapshot.ExecutorState.RUNNING
            : AgentSnapshot.ExecutorState.TERMINATED,
        CommandExecutor.info(run.framework.info, run.task, run.resources),
        run.containerId,
        run.pid,
        run.directory,
        run.resources.plus(CommandExecutor.OVERHEAD),
        List.of(),
        run.isTerminal() ? List.of() : task,
        run.isTerminal() ? task : List.of(),
        List.of(),
        List.of());
  }
}
