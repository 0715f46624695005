package io.perigee.agent.core;

import io.perigee.model.Resources;

/**
 * What a container may use.
 *
 * @param cpusThousandths for its share of the processor
 * @param memBytes at least 32 MiB, below which Mesos' isolator does not go either
 */
record Limits(long cpusThousandths, long memBytes) {
  private static final long BYTES_IN_MEGABYTE = 1L << 20;
  private static final long LEAST_MEM_BYTES = 32 * BYTES_IN_MEGABYTE;

  static Limits of(Resources resources) {
    return new Limits(
        resources.thousandths("cpus"),
        Math.max(LEAST_MEM_BYTES, resources.thousandths("mem") * BYTES_IN_MEGABYTE / 1000));
  }
}
