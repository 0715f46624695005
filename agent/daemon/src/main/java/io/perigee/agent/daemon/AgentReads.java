package io.perigee.agent.daemon;

import com.fasterxml.jackson.core.JsonGenerator;
import io.perigee.agent.core.AgentSnapshot;
import io.perigee.endpoints.Build;
import io.perigee.endpoints.JsonAnswers;
import io.perigee.endpoints.MetricsJson;
import io.perigee.net.http.Request;
import io.perigee.net.http.Response;
import io.perigee.net.server.Route;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What can be read of an agent with GET. */
final class AgentReads {
  private final AgentSnapshots snapshots;
  private final AgentJson json;
  private final ContainerReads containers;
  private final Function<AgentSnapshot, Map<String, Double>> metrics;
  private final Build build;

  /**
   * @param metrics all of the agent's own
   */
  AgentReads(
      AgentSnapshots snapshots,
      AgentJson json,
      ContainerReads containers,
      Function<AgentSnapshot, Map<String, Double>> metrics,
      Build build) {
    this.snapshots = snapshots;
    this.json = json;
    this.containers = containers;
    this.metrics = metrics;
    this.build = build;
  }

  List<Route> routes() {
    return List.of(
        Route.at("/health", (request, to) -> to.respond(Response.of(200))),
        Route.at(
            "/version", (request, to) -> to.respond(JsonAnswers.ofObject(request, build::write))),
        Route.at(
            "/flags", (request, to) -> to.respond(JsonAnswers.ofObject(request, json::writeFlags))),
        read("/state", (request, snapshot, out) -> json.writeState(snapshot, out)),
        read("/state.json", (request, snapshot, out) -> json.writeState(snapshot, out)),
        read(
            "/metrics/snapshot",
            (request, snapshot, out) -> MetricsJson.write(metrics.apply(snapshot), out)),
        read("/containers", this::writeContainers),
        read("/monitor/statistics", this::writeStatistics));
  }

  @FunctionalInterface
  private interface Page {
    void write(Request request, AgentSnapshot snapshot, JsonGenerator out) throws IOException;
  }

  private Route read(String path, Page page) {
    return Route.onWorker(path, (request, to) -> to.respond(answer(request, page)));
  }

  private Response answer(Request request, Page page) throws InterruptedException {
    AgentSnapshot snapshot = snapshots.latest();
    return snapshot == null
        ? AgentSnapshots.busy()
        : JsonAnswers.of(request, out -> page.write(request, snapshot, out));
  }

  private void writeContainers(Request request, AgentSnapshot snapshot, JsonGenerator out)
      throws IOException {
    out.writeStartArray();
    for (ContainerReads.Entry entry : containers.of(snapshot, false)) {
      if (ContainerReads.isWanted(
          entry.container(),
          request.query("container_id"),
          request.query("framework_id"),
          request.query("executor_id"))) {
        entry.write(true, out);
      }
    }
    out.writeEndArray();
  }

  /** Of containers whose use cannot be told nothing is shown, as by Mesos. */
  private void writeStatistics(Request request, AgentSnapshot snapshot, JsonGenerator out)
      throws IOException {
    out.writeStartArray();
    for (ContainerReads.Entry entry : containers.of(snapshot, false)) {
      if (entry.container().hasResourceStatistics()) {
        entry.write(false, out);
      }
    }
    out.writeEndArray();
  }
}
