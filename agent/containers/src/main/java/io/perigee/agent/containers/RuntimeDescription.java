package io.perigee.agent.containers;

import java.util.List;

/**
 * What a runtime does and does not do for its containers on this machine.
 *
 * @param name {@code launcher} or {@code processes}
 * @param exactExits whether a signal can be told from an exit code above 128
 * @param survivesAgent whether containers go on and can be re-attached when the agent ends
 * @param namespaces of the kernel that each container has for itself: {@code pid}, {@code mount},
 *     {@code ipc}
 * @param limits what is enforced: {@code cpu}, {@code memory}
 * @param notes one sentence for each thing that is missing, with its reason
 */
public record RuntimeDescription(
    String name,
    boolean exactExits,
    boolean survivesAgent,
    List<String> namespaces,
    List<String> limits,
    List<String> notes) {
  public RuntimeDescription {
    namespaces = List.copyOf(namespaces);
    limits = List.copyOf(limits);
    notes = List.copyOf(notes);
  }
}
