package io.perigee.agent.containers;

import io.perigee.agent.containers.cgroup.CgroupPolicy;
import java.nio.file.Path;

/**
 * @param launcherDirectory where the launcher's program is put; on a file system that allows
 *     programs
 * @param maxContainers at a time, 1 to 8192; more fail to launch
 */
public record RuntimeOptions(Path launcherDirectory, CgroupPolicy cgroups, int maxContainers) {
  /** The launcher's own bound. */
  private static final int MOST_CONTAINERS = 8192;

  public RuntimeOptions {
    if (maxContainers < 1 || maxContainers > MOST_CONTAINERS) {
      throw new IllegalArgumentException(
          "max containers is 1 to " + MOST_CONTAINERS + ", not " + maxContainers);
    }
  }
}
