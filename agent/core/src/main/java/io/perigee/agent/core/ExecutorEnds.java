package io.perigee.agent.core;

import io.perigee.agent.core.AgentSnapshot.ExecutorKind;
import io.perigee.agent.core.AgentSnapshot.ExecutorState;
import io.perigee.link.ExecutorExited;
import io.perigee.link.ToMaster;
import io.perigee.mesos.v1.ExecutorID;
import java.time.Duration;

/** How executors end: who hears of it, and when one of kind DEFAULT does. */
final class ExecutorEnds {
  /** Mesos' default executor lives on for this long after its last task. */
  private static final long LINGER_NANOS = Duration.ofSeconds(1).toNanos();

  private final Agent agent;
  private final Ledger ledger;

  ExecutorEnds(Agent agent, Ledger ledger) {
    this.agent = agent;
    this.ledger = ledger;
  }

  /** A DEFAULT executor without a task ends, unless it gets one soon. */
  void taskOver(Turn turn, ExecutorRun executor) {
    if (executor.liveTasks().isEmpty() && !executor.isOver()) {
      agent.timers.set(timer(executor), turn.after(LINGER_NANOS));
    }
  }

  private static Timer timer(ExecutorRun executor) {
    return new Timer.LastTask(executor.framework.id(), executor.id());
  }

  void lastTaskDue(Turn turn, Timer.LastTask due) {
    FrameworkRun framework = agent.frameworks.get(due.frameworkId());
    ExecutorRun executor = framework == null ? null : framework.executors.get(due.executorId());
    if (executor != null
        && executor.kind == ExecutorKind.DEFAULT
        && executor.liveTasks().isEmpty()) {
      exited(turn, executor, 0);
    }
  }

  /** An executor is gone, whoever knows of it. */
  void terminated(ExecutorRun executor) {
    if (!executor.isOver()) {
      executor.state = ExecutorState.TERMINATED;
      agent.count("slave/executors_terminated");
    }
  }

  /**
   * An executor that the master knows is gone. Its tasks are over.
   *
   * @param status as wait(2) gives it; -1 if nobody knows
   */
  void exited(Turn turn, ExecutorRun executor, int status) {
    terminated(executor);
    tellExited(turn, executor.framework, executor.info.getExecutorId(), status);
    ledger.removeIfOver(executor);
  }

  /**
   * Tells the master that an executor is gone; without a link it learns it by registration. A
   * registration that is on its way lists this one still, so it is told behind that.
   */
  void tellExited(Turn turn, FrameworkRun framework, ExecutorID executorId, int status) {
    if (agent.link != 0) {
      turn.tell(
          agent.link,
          ToMaster.newBuilder()
              .setExecutorExited(
                  ExecutorExited.newBuilder()
                      .setFrameworkId(framework.info.getId())
                      .setExecutorId(executorId)
                      .setStatus(status)));
    }
  }
}
