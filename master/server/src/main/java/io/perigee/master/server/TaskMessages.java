package io.perigee.master.server;

import io.perigee.master.core.cluster.Task;
import io.perigee.model.ResourceWire;

/** Tasks as messages of the v1 API. Pure. Source: mesos/src/master/readonly_handler.cpp. */
final class TaskMessages {
  private TaskMessages() {}

  static io.perigee.mesos.v1.Task of(Task task) {
    io.perigee.mesos.v1.Task.Builder message =
        task.description().toBuilder()
            .setState(task.state())
            .addAllResources(
                ResourceWire.write(
                    task.resources().allocatedTo(task.role()), ResourceWire.Format.POST_REFINEMENT))
            .addAllStatuses(task.statuses());
    if (task.forwardedUuid().isEmpty()) {
      // What the master declares itself needs no acknowledgement.
      message.clearStatusUpdateState().clearStatusUpdateUuid();
    } else {
      message.setStatusUpdateState(task.forwardedState()).setStatusUpdateUuid(task.forwardedUuid());
    }
    return message.build();
  }
}
