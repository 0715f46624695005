package io.perigee.agent.daemon;

import com.fasterxml.jackson.core.JsonGenerator;
import io.perigee.agent.core.AgentEvent;
import io.perigee.agent.core.AgentSnapshot;
import io.perigee.endpoints.Build;
import io.perigee.endpoints.JsonAnswers;
import io.perigee.endpoints.MetricsJson;
import io.perigee.endpoints.SharedSnapshots;
import io.perigee.net.http.Request;
import io.perigee.net.http.Response;
import io.perigee.net.server.Route;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** What can be read of an agent with GET. */
final class AgentReads {
  private static final int SNAPSHOT_SECONDS = 10;

  private final SharedSnapshots<AgentSnapshot> snapshots;
  private final AgentJson json;
  private final Build build;
  private final Supplier<Map<String, Double>> fetcherMetrics;
  private final long startNanos = System.nanoTime();
  private volatile String agentId = "";

  /**
   * @param events takes an event, or says false if it cannot now
   * @param fetcherMetrics by Mesos' names
   */
  AgentReads(
      Predicate<AgentEvent> events,
      AgentJson json,
      Build build,
      Supplier<Map<String, Double>> fetcherMetrics) {
    this.snapshots = new SharedSnapshots<>(() -> events.test(new AgentEvent.SnapshotWanted(1)));
    this.json = json;
    this.build = build;
    this.fetcherMetrics = fetcherMetrics;
  }

  /** The core's answer. */
  void delivered(AgentSnapshot snapshot) {
    agentId = snapshot.info().getId().getValue();
    snapshots.delivered(snapshot);
  }

  /** As of a moment ago; empty before the first registration. */
  String agentId() {
    try {
      return latest().info().getId().getValue();
    } catch (ExecutionException | TimeoutException busy) {
      return agentId;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return agentId;
    }
  }

  private AgentSnapshot latest() throws ExecutionException, TimeoutException, InterruptedException {
    return snapshots.latest().get(SNAPSHOT_SECONDS, TimeUnit.SECONDS);
  }

  List<Route> routes() {
    return List.of(
        Route.at("/health", (request, to) -> to.respond(Response.of(200))),
        Route.at(
            "/version", (request, to) -> to.respond(JsonAnswers.ofObject(request, build::write))),
        Route.at(
            "/flags", (request, to) -> to.respond(JsonAnswers.ofObject(request, json::writeFlags))),
        read("/state", json::writeState),
        read("/state.json", json::writeState),
        read("/metrics/snapshot", this::writeMetrics));
  }

  @FunctionalInterface
  private interface Page {
    void write(AgentSnapshot snapshot, JsonGenerator out) throws IOException;
  }

  private Route read(String path, Page page) {
    return Route.onWorker(path, (request, to) -> to.respond(answer(request, page)));
  }

  private Response answer(Request request, Page page) throws InterruptedException {
    AgentSnapshot snapshot;
    try {
      snapshot = latest();
    } catch (ExecutionException | TimeoutException busy) {
      return Response.text(503, "The agent has more to do than it can; try again later");
    }
    return JsonAnswers.of(request, out -> page.write(snapshot, out));
  }

  private void writeMetrics(AgentSnapshot snapshot, JsonGenerator out) throws IOException {
    Map<String, Double> values = AgentGauges.of(snapshot);
    values.put("slave/uptime_secs", (System.nanoTime() - startNanos) / 1e9);
    values.putAll(fetcherMetrics.get());
    MetricsJson.write(values, out);
  }
}
