package io.perigee.master.server;

import io.perigee.master.core.cluster.ClusterSnapshot;
import io.perigee.master.core.cluster.Executor;
import io.perigee.master.core.cluster.FrameworkSnapshot;
import io.perigee.master.core.cluster.Offer;
import io.perigee.master.core.cluster.Task;
import io.perigee.model.ResourceSum;
import io.perigee.model.Resources;
import java.util.HashMap;
import java.util.Map;

/** A snapshot, and the sums over it that readers want. Made by and for one reader. */
final class ClusterView {
  private final ClusterSnapshot snapshot;
  private final Sums used = new Sums();
  private final Sums offered = new Sums();

  /** By agent and role: a role is written into a sum, not into each of its parts. */
  private static final class Sums {
    private final Map<String, Map<String, ResourceSum>> byAgent = new HashMap<>();

    private void add(String agentId, String role, Resources some) {
      byAgent
          .computeIfAbsent(agentId, id -> new HashMap<>(2))
          .computeIfAbsent(role, name -> new ResourceSum())
          .add(some);
    }

    private Resources on(String agentId) {
      Resources all = Resources.EMPTY;
      for (Map.Entry<String, ResourceSum> role :
          byAgent.getOrDefault(agentId, Map.of()).entrySet()) {
        all = all.plus(role.getValue().total().allocatedTo(role.getKey()));
      }
      return all;
    }
  }

  ClusterView(ClusterSnapshot snapshot) {
    this.snapshot = snapshot;
    for (FrameworkSnapshot framework : snapshot.frameworks()) {
      for (Task task : framework.tasks()) {
        if (!task.isTerminal()) {
          used.add(task.agentId(), task.role(), task.resources());
        }
      }
      for (Executor executor : framework.executors()) {
        used.add(executor.agentId(), executor.role(), executor.resources());
      }
      for (Offer offer : framework.offers()) {
        offered.add(offer.agentId(), offer.role(), offer.resources());
      }
    }
  }

  ClusterSnapshot snapshot() {
    return snapshot;
  }

  /** What tasks and executors use on an agent, by the roles that hold it. */
  Resources usedOn(String agentId) {
    return used.on(agentId);
  }

  Resources offeredOn(String agentId) {
    return offered.on(agentId);
  }

  /** What a framework's tasks and executors use, held by nobody. */
  static Resources usedBy(FrameworkSnapshot framework) {
    ResourceSum used = new ResourceSum();
    for (Task task : framework.tasks()) {
      if (!task.isTerminal()) {
        used.add(task.resources());
      }
    }
    for (Executor executor : framework.executors()) {
      used.add(executor.resources());
    }
    return used.total();
  }

  /** What is offered to a framework, held by nobody. */
  static Resources offeredTo(FrameworkSnapshot framework) {
    ResourceSum offered = new ResourceSum();
    for (Offer offer : framework.offers()) {
      offered.add(offer.resources());
    }
    return offered.total();
  }
}
