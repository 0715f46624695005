package io.perigee.master.server;

import com.fasterxml.jackson.core.JsonGenerator;
import io.perigee.common.unit.Durations;
import io.perigee.endpoints.Build;
import io.perigee.endpoints.JsonAnswers;
import io.perigee.endpoints.MetricsJson;
import io.perigee.endpoints.SharedSnapshots;
import io.perigee.master.core.cluster.ClusterSnapshot;
import io.perigee.master.core.cluster.Gauges;
import io.perigee.net.http.Request;
import io.perigee.net.http.Response;
import io.perigee.net.server.Route;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What can be read with GET: the old endpoints, the page for people, the version, the metrics. */
final class ReadRoutes {
  /** A snapshot takes as long as the loop has other things to do; beyond this it is stuck. */
  private static final int SNAPSHOT_SECONDS = 10;

  private static final int DEFAULT_TASKS = 100;

  private final SharedSnapshots<ClusterSnapshot> snapshots;
  private final StateJson state;
  private final MasterIdentity identity;
  private final Build build;
  private final Supplier<Map<String, Double>> ownMetrics;
  private final byte[] page;

  /**
   * @param ownMetrics of the process, added to those of the core
   */
  ReadRoutes(
      SharedSnapshots<ClusterSnapshot> snapshots,
      StateJson state,
      MasterIdentity identity,
      Build build,
      Supplier<Map<String, Double>> ownMetrics) {
    this.snapshots = snapshots;
    this.state = state;
    this.identity = identity;
    this.build = build;
    this.ownMetrics = ownMetrics;
    try (InputStream in = ReadRoutes.class.getResourceAsStream("index.html")) {
      this.page = in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<Route> routes() {
    return List.of(
        Route.at("/", (request, to) -> to.respond(page())).methods("GET"),
        Route.at("/health", (request, to) -> to.respond(Response.of(200))),
        Route.at(
            "/version", (request, to) -> to.respond(JsonAnswers.ofObject(request, build::write))),
        Route.at(
            "/flags",
            (request, to) -> to.respond(JsonAnswers.ofObject(request, state::writeFlags))),
        Route.at("/redirect", (request, to) -> to.respond(redirect())).exactly(),
        Route.onWorker("/metrics/snapshot", (request, to) -> to.respond(metrics(request))),
        read("/state", state::writeState),
        read("/state-summary", state::writeSummary),
        Route.onWorker("/slaves", (request, to) -> to.respond(slaves(request))),
        Route.onWorker("/frameworks", (request, to) -> to.respond(frameworks(request))),
        Route.onWorker("/tasks", (request, to) -> to.respond(tasks(request))));
  }

  @FunctionalInterface
  private interface Page {
    void write(ClusterView view, JsonGenerator out) throws IOException;
  }

  private Route read(String path, Page page) {
    return Route.onWorker(path, (request, to) -> to.respond(answer(request, page)));
  }

  private Response answer(Request request, Page page) throws InterruptedException {
    ClusterSnapshot snapshot;
    try {
      snapshot = snapshots.latest().get(SNAPSHOT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException busy) {
      return Response.text(503, "The master has more to do than it can; try again later");
    }
    ClusterView view = new ClusterView(snapshot);
    return JsonAnswers.of(request, out -> page.write(view, out));
  }

  private Response page() {
    return Response.of(200, "text/html", page)
        .with(
            "Content-Security-Policy",
            // Agents answer with scripts (JSONP), from wherever they are.
            "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline' http:"
                + " https:; connect-src 'self'");
  }

  private Response redirect() {
    return Response.of(307).with("Location", "//" + identity.hostname() + ":" + identity.port());
  }

  private Response metrics(Request request) throws InterruptedException {
    String timeout = request.query("timeout");
    String problem = timeout == null ? null : timeoutProblem(timeout);
    if (problem != null) {
      return Response.text(400, "Invalid timeout '" + timeout + "': " + problem + ".");
    }
    return answer(
        request,
        (view, out) -> {
          Map<String, Double> values = Gauges.of(view.snapshot());
          values.putAll(ownMetrics.get());
          values.put("master/elected", 1.0);
          values.put(
              "master/uptime_secs", view.snapshot().takenNanos() / 1e9 - identity.startSeconds());
          MetricsJson.write(values, out);
        });
  }

  /** In the words of stout's Duration::parse; it limits nothing, since no metric makes one wait. */
  private static @Nullable String timeoutProblem(String timeout) {
    try {
      Durations.parse(timeout);
      return null;
    } catch (IllegalArgumentException malformed) {
      String number = timeout.replaceFirst("[^0-9.].*", "");
      return number.isEmpty()
          ? "Failed to convert '' to number"
          : "Unknown duration unit '" + timeout.substring(number.length()) + "'";
    }
  }

  private Response slaves(Request request) throws InterruptedException {
    Predicate<String> wanted = only(request, "slave_id");
    return answer(request, (view, out) -> state.writeSlaves(view, wanted, out));
  }

  private Response frameworks(Request request) throws InterruptedException {
    Predicate<String> wanted = only(request, "framework_id");
    return answer(request, (view, out) -> state.writeFrameworksPage(view, wanted, out));
  }

  private static Predicate<String> only(Request request, String parameter) {
    String only = request.query(parameter);
    return id -> only == null || only.isEmpty() || only.equals(id);
  }

  /** Numbers that are none count as absent, as in Mesos. */
  private Response tasks(Request request) throws InterruptedException {
    StateJson.TaskQuery query =
        new StateJson.TaskQuery(
            number(request, "limit", DEFAULT_TASKS),
            number(request, "offset", 0),
            "asc".equals(request.query("order")),
            text(request, "framework_id"),
            text(request, "task_id"));
    return answer(request, (view, out) -> state.writeTasks(view, query, out));
  }

  private static String text(Request request, String parameter) {
    String text = request.query(parameter);
    return text == null ? "" : text;
  }

  /** A negative one is very large, as in Mesos: mesos-cli asks for all tasks with limit=-1. */
  private static int number(Request request, String parameter, int otherwise) {
    try {
      int number = Integer.parseInt(text(request, parameter));
      return number < 0 ? Integer.MAX_VALUE : number;
    } catch (NumberFormatException malformed) {
      return otherwise;
    }
  }
}
