package io.perigee.master.core.cluster;

import io.perigee.mesos.v1.ExecutorInfo;
import io.perigee.model.Resources;

/**
 * An executor of a framework on one agent. Immutable. Those that an agent makes for a task with a
 * command are not known to the master.
 *
 * @param info with framework_id
 * @param role to which its resources are allocated
 * @param resources its own, without those of its tasks; held by nobody else until it ends
 */
public record Executor(String agentId, ExecutorInfo info, String role, Resources resources) {

  /** Its resources, held by its role. */
  public Resources allocated() {
    return resources.allocatedTo(role);
  }

  public String frameworkId() {
    return info.getFrameworkId().getValue();
  }

  public String id() {
    return info.getExecutorId().getValue();
  }
}
