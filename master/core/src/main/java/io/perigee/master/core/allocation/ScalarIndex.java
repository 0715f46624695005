package io.perigee.master.core.allocation;

import io.perigee.model.Resource;
import io.perigee.model.Resources;
import io.perigee.model.Scalar;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gives each scalar resource a small number, so that quantities are arrays of thousandths. The
 * first {@value #MOST} names count towards shares; a cluster with more kinds of custom scalars
 * shares the rest without regard to them.
 */
final class ScalarIndex {
  static final int MOST = 32;

  private final Map<String, Integer> slots = new LinkedHashMap<>();
  private final Set<String> excluded;

  /**
   * @param excluded names that do not count towards shares (Mesos'
   *     fair_sharing_excluded_resource_names)
   */
  ScalarIndex(Set<String> excluded) {
    this.excluded = excluded;
    for (String name : List.of("cpus", "mem", "disk", "gpus")) {
      slot(name);
    }
  }

  /** Adds the scalars of {@code resources} to {@code quantities}, {@code sign} times. */
  void add(long[] quantities, Resources resources, int sign) {
    for (int i = 0; i < resources.size(); i++) {
      Resource resource = resources.get(i);
      if (resource.amount() instanceof Scalar scalar) {
        int slot = slot(resource.key().name());
        if (slot >= 0) {
          quantities[slot] += sign * scalar.thousandths();
        }
      }
    }
  }

  private int slot(String name) {
    Integer slot = slots.get(name);
    if (slot == null) {
      slot = excluded.contains(name) || slots.size() == MOST ? -1 : slots.size();
      if (slots.size() == MOST) {
        return -1;
      }
      slots.put(name, slot);
    }
    return slot;
  }

  /** Quantities by name, as metrics show them; names without any are left out. */
  Map<String, Long> byName(long[] quantities) {
    Map<String, Long> byName = new LinkedHashMap<>();
    slots.forEach((name, slot) -> {
      if (slot >= 0 && quantities[slot] != 0) {
        byName.put(name, quantities[slot]);
      }
    });
    return byName;
  }
}
