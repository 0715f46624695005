package io.perigee.agent.daemon;

import io.perigee.agent.core.AgentEvent;
import io.perigee.agent.core.AgentSnapshot;
import io.perigee.endpoints.SharedSnapshots;
import io.perigee.net.http.Response;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The agent's state for those who read it. Safe for all threads; reading waits. */
final class AgentSnapshots {
  /** A snapshot takes as long as the loop has other things to do; beyond this it is stuck. */
  static final int LONGEST_SECONDS = 10;

  private final SharedSnapshots<AgentSnapshot> snapshots;
  private volatile String agentId = "";

  /**
   * @param events takes an event, or says false if it cannot now
   */
  AgentSnapshots(Predicate<AgentEvent> events) {
    this.snapshots = new SharedSnapshots<>(() -> events.test(new AgentEvent.SnapshotWanted(1)));
  }

  /** The core's answer. */
  void delivered(AgentSnapshot snapshot) {
    agentId = snapshot.info().getId().getValue();
    snapshots.delivered(snapshot);
  }

  /** The state from now on; null if the agent has more to do than it can: {@link #busy}. */
  @Nullable AgentSnapshot latest() throws InterruptedException {
    try {
      return snapshots.latest().get(LONGEST_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException busy) {
      return null;
    }
  }

  static Response busy() {
    return Response.text(503, "The agent has more to do than it can; try again later");
  }

  /** As of a moment ago; empty before the first registration. */
  String agentId() {
    try {
      AgentSnapshot snapshot = latest();
      return snapshot == null ? agentId : snapshot.info().getId().getValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return agentId;
    }
  }
}
