package io.perigee.agent.containers.cgroup;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Where this host's cgroups are.
 *
 * @param v1 mount point of each controller of version 1
 * @param v2 mount point of the version 2 hierarchy; null: none
 * @param v2Controllers those of version 2
 */
public record CgroupMounts(Map<String, Path> v1, @Nullable Path v2, Set<String> v2Controllers) {
  public static final CgroupMounts NONE = new CgroupMounts(Map.of(), null, Set.of());

  public CgroupMounts {
    v1 = new TreeMap<>(v1);
    v2Controllers = new TreeSet<>(v2Controllers);
  }

  /** {@code v1}, {@code hybrid}, {@code v2} or {@code none}. */
  public String mode() {
    if (v1.isEmpty()) {
      return v2 == null ? "none" : "v2";
    }
    return v2 == null ? "v1" : "hybrid";
  }
}
