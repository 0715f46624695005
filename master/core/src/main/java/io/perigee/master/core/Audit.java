package io.perigee.master.core;

import io.perigee.link.ExecutorExited;
import io.perigee.master.core.cluster.Agent;
import io.perigee.master.core.cluster.Executor;
import io.perigee.master.core.cluster.Framework;
import io.perigee.master.core.cluster.Offer;
import io.perigee.master.core.cluster.TaskCell;
import io.perigee.model.Resources;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether the master's books balance: nothing is offered or used twice, and nothing is lost. Looks
 * only at agents of which something changed since it looked last, so that a simulation can ask
 * after every event. Owner thread.
 */
public final class Audit {
  private final Master master;
  private final Map<String, Long> seen = new LinkedHashMap<>();

  Audit(Master master) {
    this.master = master;
  }

  /** What is wrong, in words for whoever reads a failed simulation; empty if nothing is. */
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    for (Agent agent : master.cluster.agents()) {
      Long version = seen.put(agent.id(), agent.version());
      if (version == null || version != agent.version()) {
        check(agent, problems);
      }
    }
    return problems;
  }

  /** What a framework has to hear if an agent tells this now; empty if nobody is there to hear. */
  public Optional<SchedulerNotice.Failure> failureToTell(long link, ExecutorExited message) {
    Agent agent = master.cluster.agentOfLink(link);
    Framework framework = master.cluster.framework(message.getFrameworkId().getValue());
    String executorId = message.getExecutorId().getValue();
    return agent == null
            || framework == null
            || !framework.isConnected()
            || agent.executor(framework.id(), executorId) == null
        ? Optional.empty()
        : Optional.of(new SchedulerNotice.Failure(agent.id(), executorId, message.getStatus()));
  }

  private void check(Agent agent, List<String> problems) {
    Resources sum = master.allocator.available(agent.slot());
    for (Offer offer : agent.offers()) {
      sum = sum.plus(offer.resources());
      Framework framework = master.cluster.framework(offer.frameworkSlot());
      if (!framework.offers().contains(offer) || !offer.equals(master.cluster.offer(offer.id()))) {
        problems.add("offer " + offer.id() + " is not in all books");
      }
    }
    for (Executor executor : agent.executors()) {
      sum = sum.plus(executor.resources());
      Framework framework = master.cluster.framework(executor.frameworkId());
      if (framework == null || !executor.equals(framework.executor(agent.id(), executor.id()))) {
        problems.add("executor " + executor.id() + " is not in all books");
      }
    }
    for (TaskCell cell : agent.tasks()) {
      if (cell.holdsResources()) {
        sum = sum.plus(cell.task().resources());
      }
      if (cell.holdsResources() == cell.task().isTerminal()) {
        problems.add(
            "task "
                + cell.task().id()
                + " is "
                + cell.task().state()
                + " and "
                + (cell.holdsResources() ? "holds" : "does not hold")
                + " its resources");
      }
      if (cell.framework().task(cell.task().id()) != cell) {
        problems.add("task " + cell.task().id() + " is not in all books");
      }
    }
    if (!sum.equals(agent.total())) {
      problems.add("agent " + agent.id() + " has " + agent.total() + " but its parts make " + sum);
    }
  }
}
