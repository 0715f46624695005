package io.perigee.benchmarks.allocation;

import io.perigee.model.ResourceText;
import io.perigee.model.Resources;

/**
 * A cluster to allocate.
 *
 * @param isDeep whether each framework has a role of its own three levels down and every twentieth
 *     agent is reserved for one of them; else all frameworks share the role {@code *}
 */
record Shape(int agents, int frameworks, boolean isDeep) {
  private static final int RESERVED_EVERY = 20;

  /** Ten roles in each role of the upper two levels. */
  String role(int framework) {
    return isDeep
        ? "org-%d/team-%d/job-%d".formatted(framework % 10, framework / 10 % 10, framework / 100)
        : "*";
  }

  Resources resources(int agent) {
    String plain = "cpus:16;mem:65536;disk:1000000;ports:[31000-32000]";
    boolean isReserved = isDeep && agent % RESERVED_EVERY == 0;
    String role = role(agent / RESERVED_EVERY % frameworks);
    String text =
        isReserved
            ? "cpus(%1$s):16;mem(%1$s):65536;disk:1000000;ports:[31000-32000]".formatted(role)
            : plain;
    return ResourceText.parseResources(text, "*").orElseThrow();
  }

  @Override
  public String toString() {
    return "%,d agents, %,d frameworks, %s"
        .formatted(agents, frameworks, isDeep ? "3 role levels, 5 % reserved" : "flat");
  }
}
