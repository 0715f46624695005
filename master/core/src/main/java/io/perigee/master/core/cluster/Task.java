package io.perigee.master.core.cluster;

import com.google.protobuf.ByteString;
import io.perigee.mesos.v1.TaskState;
import io.perigee.mesos.v1.TaskStatus;
import io.perigee.model.Resources;
import io.perigee.model.TaskStates;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One task as the master knows it. Immutable: each change makes a new one.
 *
 * @param description all that never changes: ids, name, labels, container …; without resources,
 *     statuses and a meaningful state
 * @param executorId null for a task with a command of its own
 * @param role to which its resources are allocated
 * @param resources held by nobody
 * @param state the latest that the agent told; resources are free once it is terminal
 * @param forwardedState the latest that the framework was told; behind {@code state} while it
 *     acknowledges slowly
 * @param forwardedUuid of the update with that state; empty if it had none
 * @param statuses what the framework was told, without data; of equal states in a row only the last
 */
public record Task(
    io.perigee.mesos.v1.Task description,
    @Nullable String executorId,
    String role,
    Resources resources,
    TaskState state,
    TaskState forwardedState,
    ByteString forwardedUuid,
    List<TaskStatus> statuses) {

  public String id() {
    return description.getTaskId().getValue();
  }

  public String name() {
    return description.getName();
  }

  public String frameworkId() {
    return description.getFrameworkId().getValue();
  }

  public String agentId() {
    return description.getAgentId().getValue();
  }

  public boolean isTerminal() {
    return TaskStates.isTerminal(state);
  }

  /** The latest status that tells more than the state, or null if there was none. */
  public @Nullable TaskStatus lastStatus() {
    return statuses.isEmpty() ? null : statuses.getLast();
  }

  /**
   * This task after an update.
   *
   * @param latest the agent's latest state; a terminal state is never left
   */
  public Task after(TaskStatus update, TaskState latest) {
    List<TaskStatus> all = new ArrayList<>(statuses);
    if (!all.isEmpty() && all.getLast().getState() == update.getState()) {
      all.removeLast();
    }
    all.add(update.hasData() ? update.toBuilder().clearData().build() : update);
    return new Task(
        description,
        executorId,
        role,
        resources,
        isTerminal() ? state : latest,
        update.getState(),
        update.getUuid(),
        List.copyOf(all));
  }
}
