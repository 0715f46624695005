package io.perigee.master.core.cluster;

import io.perigee.mesos.v1.FrameworkInfo;
import io.perigee.mesos.v1.FrameworkInfo.Capability;
import java.util.EnumSet;
import java.util.Set;

/** What a framework said it understands. */
public record Capabilities(Set<Capability.Type> types) {

  public Capabilities {
    types = types.isEmpty() ? EnumSet.noneOf(Capability.Type.class) : EnumSet.copyOf(types);
  }

  public static Capabilities of(FrameworkInfo info) {
    Set<Capability.Type> types = EnumSet.noneOf(Capability.Type.class);
    info.getCapabilitiesList().forEach(capability -> types.add(capability.getType()));
    types.remove(Capability.Type.UNKNOWN);
    return new Capabilities(types);
  }

  public boolean has(Capability.Type type) {
    return types.contains(type);
  }

  /** Knows TASK_UNREACHABLE, TASK_GONE and the like; others see TASK_LOST instead. */
  public boolean isPartitionAware() {
    return has(Capability.Type.PARTITION_AWARE);
  }

  public boolean isMultiRole() {
    return has(Capability.Type.MULTI_ROLE);
  }

  /** Reads and writes {@code Resource.reservations}; others get the old form. */
  public boolean hasRefinement() {
    return has(Capability.Type.RESERVATION_REFINEMENT);
  }
}
