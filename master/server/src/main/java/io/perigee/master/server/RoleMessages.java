package io.perigee.master.server;

import io.perigee.master.core.cluster.AgentSnapshot;
import io.perigee.master.core.cluster.ClusterSnapshot;
import io.perigee.master.core.cluster.Executor;
import io.perigee.master.core.cluster.FrameworkSnapshot;
import io.perigee.master.core.cluster.Offer;
import io.perigee.master.core.cluster.Task;
import io.perigee.mesos.v1.FrameworkID;
import io.perigee.mesos.v1.Role;
import io.perigee.mesos.v1.Value;
import io.perigee.model.Resource;
import io.perigee.model.Resources;
import io.perigee.model.Scalar;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The roles that frameworks, their resources, or reservations have, sorted by name. Pure. Source:
 * mesos/src/master/readonly_handler.cpp, roles.
 */
final class RoleMessages {
  /** Of every role: there is no way yet to set another. */
  private static final double WEIGHT = 1.0;

  private final Map<String, Role.Builder> roles = new TreeMap<>();

  /** Allocated and offered, in thousandths, by role and name of a scalar resource. */
  private final Map<String, Map<String, Long>> sums = new TreeMap<>();

  private RoleMessages() {}

  static List<Role> of(ClusterSnapshot snapshot) {
    RoleMessages messages = new RoleMessages();
    snapshot.frameworks().forEach(messages::add);
    for (AgentSnapshot agent : snapshot.agents()) {
      agent.total().reservedByRole().keySet().forEach(messages::role);
    }
    messages.sums.forEach(messages::addQuantities);
    return messages.roles.values().stream().map(Role.Builder::build).toList();
  }

  private Role.Builder role(String name) {
    return roles.computeIfAbsent(name, n -> Role.newBuilder().setName(n).setWeight(WEIGHT));
  }

  private void add(FrameworkSnapshot framework) {
    FrameworkID id = framework.info().getId();
    framework.roles().forEach(name -> role(name).addFrameworks(id));
    for (Task task : framework.tasks()) {
      if (!task.isTerminal()) {
        add(task.role(), task.resources());
      }
    }
    for (Executor executor : framework.executors()) {
      add(executor.role(), executor.resources());
    }
    for (Offer offer : framework.offers()) {
      add(offer.role(), offer.resources());
    }
  }

  private void add(String role, Resources resources) {
    Map<String, Long> sum = sums.computeIfAbsent(role, r -> new TreeMap<>());
    for (Resource resource : resources) {
      if (resource.amount() instanceof Scalar(long thousandths)) {
        sum.merge(resource.key().name(), thousandths, Long::sum);
      }
    }
  }

  private void addQuantities(String role, Map<String, Long> quantities) {
    quantities.forEach((name, thousandths) ->
        role(role)
            .addResourcesBuilder()
            .setName(name)
            .setType(Value.Type.SCALAR)
            .getScalarBuilder()
            .setValue(new Scalar(thousandths).value()));
  }
}
