package io.perigee.master.core;

import com.google.protobuf.ByteString;
import io.perigee.master.core.cluster.AgentIdentity;
import io.perigee.master.core.cluster.Capabilities;
import io.perigee.master.core.cluster.Offer;
import io.perigee.mesos.v1.OperationStatus;
import io.perigee.mesos.v1.TaskStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An event for a framework, before it becomes a message: that costs time and happens on the
 * connection's thread.
 */
public sealed interface SchedulerNotice {

  record Subscribed(String frameworkId) implements SchedulerNotice {}

  /**
   * @param capabilities of the framework, which decide the form of the offers
   */
  record Offers(Capabilities capabilities, List<OfferOfAgent> offers) implements SchedulerNotice {}

  /** An offer with what its message tells about the agent. */
  record OfferOfAgent(Offer offer, AgentIdentity agent, List<String> executorIds) {}

  record Rescind(String offerId) implements SchedulerNotice {}

  record Update(TaskStatus status) implements SchedulerNotice {}

  record UpdateOperation(OperationStatus status) implements SchedulerNotice {}

  /**
   * An agent was removed, or an executor on it ended.
   *
   * @param executorId null if it is the agent
   * @param status the executor's wait status; null if it is the agent
   */
  record Failure(String agentId, @Nullable String executorId, @Nullable Integer status)
      implements SchedulerNotice {}

  /** What an executor tells its scheduler. */
  record ExecutorMessage(String agentId, String executorId, ByteString data)
      implements SchedulerNotice {}

  /** The stream ends after it; subscribing again unchanged will not help. */
  record FatalError(String message) implements SchedulerNotice {}
}
