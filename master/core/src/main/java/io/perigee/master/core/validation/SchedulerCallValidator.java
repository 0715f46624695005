package io.perigee.master.core.validation;

import com.google.protobuf.ByteString;
import io.perigee.mesos.v1.FrameworkInfo;
import io.perigee.mesos.v1.scheduler.Call;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a scheduler's call has the parts its type needs. Source: mesos/src/master/validation.cpp,
 * scheduler::call::validate.
 */
public final class SchedulerCallValidator {
  private SchedulerCallValidator() {}

  /**
   * What is wrong with a call, in Mesos' words but without its {@code Failed to validate
   * scheduler::Call: }; empty if nothing is.
   *
   * @param principal who is calling, or null if nobody in particular
   */
  public static Optional<String> problem(Call call, @Nullable String principal) {
    if (!call.hasType()) {
      return Optional.of("Expecting 'type' to be present");
    }
    if (call.getType() == Call.Type.SUBSCRIBE) {
      return subscribeProblem(call, principal);
    }
    if (!call.hasFrameworkId()) {
      return Optional.of("Expecting 'framework_id' to be present");
    }
    return switch (call.getType()) {
      case ACCEPT -> missing(call.hasAccept(), "accept");
      case DECLINE -> missing(call.hasDecline(), "decline");
      case ACCEPT_INVERSE_OFFERS -> missing(call.hasAcceptInverseOffers(), "accept_inverse_offers");
      case DECLINE_INVERSE_OFFERS ->
          missing(call.hasDeclineInverseOffers(), "decline_inverse_offers");
      case KILL -> missing(call.hasKill(), "kill");
      case SHUTDOWN -> missing(call.hasShutdown(), "shutdown");
      case ACKNOWLEDGE ->
          missing(call.hasAcknowledge(), "acknowledge")
              .or(() -> uuidProblem(call.getAcknowledge().getUuid()));
      case ACKNOWLEDGE_OPERATION_STATUS ->
          missing(call.hasAcknowledgeOperationStatus(), "acknowledge_operation_status")
              .or(() -> uuidProblem(call.getAcknowledgeOperationStatus().getUuid()))
              .or(() -> missing(call.getAcknowledgeOperationStatus().hasAgentId(), "agent_id"));
      case RECONCILE -> missing(call.hasReconcile(), "reconcile");
      case RECONCILE_OPERATIONS -> missing(call.hasReconcileOperations(), "reconcile_operations");
      case MESSAGE -> missing(call.hasMessage(), "message");
      case REQUEST -> missing(call.hasRequest(), "request");
      case UPDATE_FRAMEWORK -> updateFrameworkProblem(call, principal);
      case TEARDOWN, REVIVE, SUPPRESS, UNKNOWN, SUBSCRIBE -> Optional.empty();
    };
  }

  private static Optional<String> missing(boolean isThere, String name) {
    return isThere ? Optional.empty() : Optional.of("Expecting '" + name + "' to be present");
  }

  private static Optional<String> subscribeProblem(Call call, @Nullable String principal) {
    if (!call.hasSubscribe()) {
      return missing(false, "subscribe");
    }
    FrameworkInfo info = call.getSubscribe().getFrameworkInfo();
    if (!info.getId().equals(call.getFrameworkId())) {
      return Optional.of("'framework_id' differs from 'subscribe.framework_info.id'");
    }
    return principalProblem(info, principal);
  }

  private static Optional<String> updateFrameworkProblem(Call call, @Nullable String principal) {
    if (!call.hasUpdateFramework()) {
      return missing(false, "update_framework");
    }
    FrameworkInfo info = call.getUpdateFramework().getFrameworkInfo();
    if (!info.getId().equals(call.getFrameworkId())) {
      return Optional.of("'framework_id' differs from 'update_framework.framework_info.id'");
    }
    return principalProblem(info, principal);
  }

  /** An authenticated scheduler may not pass for somebody else. */
  private static Optional<String> principalProblem(FrameworkInfo info, @Nullable String principal) {
    return principal == null || !info.hasPrincipal() || info.getPrincipal().equals(principal)
        ? Optional.empty()
        : Optional.of(
            "Authenticated principal '"
                + principal
                + "' does not match principal '"
                + info.getPrincipal()
                + "' set in `FrameworkInfo`");
  }

  /**
   * Sixteen bytes with a version of RFC 9562, as stout's UUID::fromBytes demands: all zeros is
   * none.
   */
  private static Optional<String> uuidProblem(ByteString uuid) {
    int version = uuid.size() == 16 ? (uuid.byteAt(6) >> 4) & 0xF : 0;
    return version >= 1 && version <= 5 ? Optional.empty() : Optional.of("Not a valid UUID");
  }
}
