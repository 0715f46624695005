package io.perigee.agent.containers.cgroup;

import java.util.regex.Pattern;

/**
 * What the operator decides about cgroups.
 *
 * @param root path of the containers' common parent, below each hierarchy's mount point; default
 *     {@code perigee}
 * @param cfsQuota whether CPUs are a ceiling (CFS quota) and not only a share; off by default as in
 *     Mesos ({@code --cgroups_enable_cfs})
 */
public record CgroupPolicy(String root, boolean cfsQuota) {
  private static final Pattern ROOT = Pattern.compile("[\\w@:-][\\w.@:-]*(/[\\w@:-][\\w.@:-]*)*");

  public static final CgroupPolicy DEFAULT = new CgroupPolicy("perigee", false);

  public CgroupPolicy {
    if (!ROOT.matcher(root).matches()) {
      throw new IllegalArgumentException(
          "not a cgroup root (expected: a relative path such as perigee): " + root);
    }
  }
}
