package io.perigee.agent.containers;

/**
 * What a container may use.
 *
 * @param cpuThousandths CPUs in thousandths; 0: no share is set
 * @param memoryBytes 0: no limit
 */
public record ResourceLimits(long cpuThousandths, long memoryBytes) {
  public static final ResourceLimits NONE = new ResourceLimits(0, 0);

  public ResourceLimits {
    if (cpuThousandths < 0 || memoryBytes < 0) {
      throw new IllegalArgumentException(
          "limits are at least 0, not " + cpuThousandths + " and " + memoryBytes);
    }
  }
}
