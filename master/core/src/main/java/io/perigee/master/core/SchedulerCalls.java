package io.perigee.master.core;

import io.perigee.master.core.cluster.Framework;
import io.perigee.mesos.v1.FrameworkInfo;
import io.perigee.mesos.v1.scheduler.Call;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Calls of subscribed schedulers: who may call, and who decides about what. Source:
 * mesos/src/master/http.cpp, Master::Http::scheduler, whose checks come in this order.
 */
final class SchedulerCalls {
  private final Master master;
  private final Subscriptions subscriptions;
  private final OfferBook offers;
  private final Launching launching;
  private final TaskUpdates updates;
  private final Executors executors;
  private final Reconciliation reconciliation;

  SchedulerCalls(
      Master master,
      Subscriptions subscriptions,
      OfferBook offers,
      Launching launching,
      TaskUpdates updates,
      Executors executors,
      Reconciliation reconciliation) {
    this.master = master;
    this.subscriptions = subscriptions;
    this.offers = offers;
    this.launching = launching;
    this.updates = updates;
    this.executors = executors;
    this.reconciliation = reconciliation;
  }

  private record Refusal(int status, String text) {}

  void call(Turn turn, MasterEvent.SchedulerCalls event) {
    Call call = event.call();
    Framework framework = master.cluster.framework(call.getFrameworkId().getValue());
    Optional<Refusal> refusal = refusal(event, framework);
    if (framework == null || refusal.isPresent()) {
      Refusal why = refusal.orElseThrow();
      turn.answer(event.request(), why.status(), why.text());
      return;
    }
    framework.count(call.getType());
    decide(turn, event.request(), framework, call);
  }

  private static Optional<Refusal> refusal(
      MasterEvent.SchedulerCalls event, @Nullable Framework framework) {
    if (framework == null) {
      return Optional.of(new Refusal(400, "Framework cannot be found"));
    }
    FrameworkInfo info = framework.info();
    if (event.principal() != null
        && info.hasPrincipal()
        && !info.getPrincipal().equals(event.principal())) {
      return Optional.of(
          new Refusal(
              400,
              "Authenticated principal '"
                  + event.principal()
                  + "' does not match principal '"
                  + info.getPrincipal()
                  + "' set in `FrameworkInfo`"));
    }
    if (!framework.isConnected()) {
      return Optional.of(new Refusal(403, "Framework is not subscribed"));
    }
    if (event.streamId() == null) {
      return Optional.of(
          new Refusal(400, "All non-subscribe calls should include the 'Mesos-Stream-Id' header"));
    }
    return event.streamId().equals(framework.streamId())
        ? Optional.empty()
        : Optional.of(
            new Refusal(
                400,
                "The stream ID '"
                    + event.streamId()
                    + "' included in this request didn't match the stream ID currently associated"
                    + " with framework ID "
                    + framework.id()));
  }

  private void decide(Turn turn, long request, Framework framework, Call call) {
    switch (call.getType()) {
      case TEARDOWN -> subscriptions.remove(turn, framework);
      case ACCEPT -> launching.accept(turn, framework, call.getAccept());
      case DECLINE -> {
        master.counters.add("master/messages_decline_offers");
        offers.decline(
            turn, framework, call.getDecline().getOfferIdsList(), call.getDecline().getFilters());
      }
      case REVIVE -> subscriptions.revive(framework, call.getRevive().getRolesList());
      case SUPPRESS -> subscriptions.suppress(framework, call.getSuppress().getRolesList());
      case KILL -> updates.kill(turn, framework, call.getKill());
      case ACKNOWLEDGE -> updates.acknowledge(turn, framework, call.getAcknowledge());
      case RECONCILE -> reconciliation.reconcile(turn, framework, call.getReconcile());
      case RECONCILE_OPERATIONS ->
          reconciliation.reconcileOperations(turn, framework, call.getReconcileOperations());
      case SHUTDOWN -> executors.shutdown(turn, framework, call.getShutdown());
      case MESSAGE -> executors.message(turn, framework, call.getMessage());
      case REQUEST -> master.counters.add("master/messages_resource_request");
      case ACKNOWLEDGE_OPERATION_STATUS -> {
        master.counters.add("master/messages_operation_status_update_acknowledgement");
        // No operation is carried out by now, so there is none that waits for it.
        master.counters.add("master/invalid_operation_status_update_acknowledgements");
      }
      case ACCEPT_INVERSE_OFFERS, DECLINE_INVERSE_OFFERS -> {
        // There are none yet, and those that a framework does not have are passed over in Mesos
        // too.
      }
      case UPDATE_FRAMEWORK -> {
        Optional<String> problem = subscriptions.update(turn, framework, call.getUpdateFramework());
        turn.answer(request, problem.isPresent() ? 400 : 200, problem.orElse(""));
        return;
      }
      case UNKNOWN, SUBSCRIBE -> {
        turn.answer(request, 501, "");
        return;
      }
    }
    turn.accepted(request);
  }
}
