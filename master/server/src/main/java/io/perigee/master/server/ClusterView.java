package io.perigee.master.server;

import io.perigee.master.core.cluster.ClusterSnapshot;
import io.perigee.master.core.cluster.Executor;
import io.perigee.master.core.cluster.FrameworkSnapshot;
import io.perigee.master.core.cluster.Offer;
import io.perigee.master.core.cluster.Task;
import io.perigee.model.Resources;
import java.util.HashMap;
import java.util.Map;

/** A snapshot, and the sums over it that readers want. Made by and for one reader. */
final class ClusterView {
  private final ClusterSnapshot snapshot;
  private final Map<String, Resources> usedByAgent = new HashMap<>();
  private final Map<String, Resources> offeredByAgent = new HashMap<>();

  ClusterView(ClusterSnapshot snapshot) {
    this.snapshot = snapshot;
    for (FrameworkSnapshot framework : snapshot.frameworks()) {
      for (Task task : framework.tasks()) {
        if (!task.isTerminal()) {
          usedByAgent.merge(
              task.agentId(), task.resources().allocatedTo(task.role()), Resources::plus);
        }
      }
      for (Executor executor : framework.executors()) {
        usedByAgent.merge(
            executor.agentId(), executor.resources().allocatedTo(executor.role()), Resources::plus);
      }
      for (Offer offer : framework.offers()) {
        offeredByAgent.merge(
            offer.agentId(), offer.resources().allocatedTo(offer.role()), Resources::plus);
      }
    }
  }

  ClusterSnapshot snapshot() {
    return snapshot;
  }

  /** What tasks and executors use on an agent, by the roles that hold it. */
  Resources usedOn(String agentId) {
    return usedByAgent.getOrDefault(agentId, Resources.EMPTY);
  }

  Resources offeredOn(String agentId) {
    return offeredByAgent.getOrDefault(agentId, Resources.EMPTY);
  }

  /** What a framework's tasks and executors use, held by nobody. */
  static Resources usedBy(FrameworkSnapshot framework) {
    Resources used = Resources.EMPTY;
    for (Task task : framework.tasks()) {
      if (!task.isTerminal()) {
        used = used.plus(task.resources());
      }
    }
    for (Executor executor : framework.executors()) {
      used = used.plus(executor.resources());
    }
    return used;
  }

  /** What is offered to a framework, held by nobody. */
  static Resources offeredTo(FrameworkSnapshot framework) {
    Resources offered = Resources.EMPTY;
    for (Offer offer : framework.offers()) {
      offered = offered.plus(offer.resources());
    }
    return offered;
  }
}
