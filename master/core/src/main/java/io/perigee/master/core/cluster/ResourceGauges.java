package io.perigee.master.core.cluster;

import io.perigee.model.Resource;
import io.perigee.model.ResourceKey;
import io.perigee.model.Resources;
import io.perigee.model.Scalar;
import java.util.Map;
import java.util.TreeMap;

/**
 * What there is and what is in use, as gauges: in the cluster, and by the role that consumes it.
 * Offered resources are not in use. Source: mesos/src/master/metrics.cpp, and
 * mesos/src/master/allocator/mesos/metrics.cpp for what roles consume.
 */
final class ResourceGauges {
  private static final String[] NAMES = {"cpus", "gpus", "mem", "disk"};

  private final long[] total = new long[NAMES.length];
  private final long[] revocableTotal = new long[NAMES.length];
  private final long[] used = new long[NAMES.length];
  private final long[] revocableUsed = new long[NAMES.length];

  /** With what is reserved, used or not; of a role and those below it. */
  private final Map<String, long[]> consumed = new TreeMap<>();

  private ResourceGauges() {}

  static void addTo(Map<String, Double> values, ClusterSnapshot snapshot) {
    ResourceGauges gauges = new ResourceGauges();
    gauges.sum(snapshot);
    for (int i = 0; i < NAMES.length; i++) {
      String name = "master/" + NAMES[i];
      put(values, name + "_", gauges.total[i], gauges.used[i]);
      put(values, name + "_revocable_", gauges.revocableTotal[i], gauges.revocableUsed[i]);
    }
    gauges.consumed.forEach((role, amounts) -> {
      for (int i = 0; i < NAMES.length; i++) {
        if (amounts[i] != 0) {
          values.put(
              "allocator/mesos/quota/roles/" + role + "/resources/" + NAMES[i] + "/consumed",
              amounts[i] / 1000.0);
        }
      }
    });
  }

  private static void put(Map<String, Double> values, String prefix, long total, long used) {
    values.put(prefix + "total", total / 1000.0);
    values.put(prefix + "used", used / 1000.0);
    values.put(prefix + "percent", total == 0 ? 0.0 : (double) used / total);
  }

  private void sum(ClusterSnapshot snapshot) {
    for (AgentSnapshot agent : snapshot.agents()) {
      add(agent.total(), total, revocableTotal);
      agent.total().reservedByRole().forEach(this::consume);
    }
    for (FrameworkSnapshot framework : snapshot.frameworks()) {
      for (Task task : framework.tasks()) {
        if (!task.isTerminal()) {
          use(task.role(), task.resources());
        }
      }
      for (Executor executor : framework.executors()) {
        use(executor.role(), executor.resources());
      }
    }
  }

  private void use(String role, Resources resources) {
    add(resources, used, revocableUsed);
    consume(role, resources.unreserved()); // The rest was counted with its reservation.
  }

  private void consume(String role, Resources resources) {
    long[] amounts = new long[NAMES.length];
    add(resources, amounts, new long[NAMES.length]);
    add("", amounts);
    for (int slash = role.indexOf('/'); slash >= 0; slash = role.indexOf('/', slash + 1)) {
      add(role.substring(0, slash), amounts);
    }
    add(role, amounts);
  }

  private void add(String role, long[] amounts) {
    long[] sum = consumed.computeIfAbsent(role, r -> new long[NAMES.length]);
    for (int i = 0; i < amounts.length; i++) {
      sum[i] += amounts[i];
    }
  }

  private static void add(Resources resources, long[] lasting, long[] revocable) {
    for (int i = 0; i < resources.size(); i++) {
      Resource resource = resources.get(i);
      int index = index(resource.key());
      if (index >= 0 && resource.amount() instanceof Scalar scalar) {
        (resource.key().isRevocable() ? revocable : lasting)[index] += scalar.thousandths();
      }
    }
  }

  private static int index(ResourceKey key) {
    for (int i = 0; i < NAMES.length; i++) {
      if (NAMES[i].equals(key.name())) {
        return i;
      }
    }
    return -1;
  }
}
