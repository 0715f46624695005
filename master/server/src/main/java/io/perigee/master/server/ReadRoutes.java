package io.perigee.master.server;

import com.fasterxml.jackson.core.JsonGenerator;
import io.perigee.common.unit.Durations;
import io.perigee.endpoints.Build;
import io.perigee.endpoints.JsonAnswers;
import io.perigee.endpoints.MetricsJson;
import io.perigee.endpoints.SharedAnswers;
import io.perigee.master.core.cluster.ClusterSnapshot;
import io.perigee.master.core.cluster.Gauges;
import io.perigee.net.http.Request;
import io.perigee.net.http.Response;
import io.perigee.net.server.Responder;
import io.perigee.net.server.Route;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What can be read with GET: the old endpoints, the page for people, the version, the metrics. */
final class ReadRoutes {
  private static final int DEFAULT_TASKS = 100;

  private final SharedAnswers<ClusterSnapshot> large;
  private final SharedAnswers<ClusterSnapshot> small;
  private final StateJson state;
  private final MasterIdentity identity;
  private final Build build;
  private final Supplier<Map<String, Double>> ownMetrics;
  private final byte[] page;

  /**
   * @param large renders what may be many megabytes
   * @param small renders what should not wait for that
   * @param ownMetrics of the process, added to those of the core
   */
  ReadRoutes(
      SharedAnswers<ClusterSnapshot> large,
      SharedAnswers<ClusterSnapshot> small,
      StateJson state,
      MasterIdentity identity,
      Build build,
      Supplier<Map<String, Double>> ownMetrics) {
    this.large = large;
    this.small = small;
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
        Route.at("/metrics/snapshot", this::metrics),
        read("/state", state::writeState),
        read("/state-summary", state::writeSummary),
        read("/roles", RolesJson::write),
        Route.at("/slaves", this::slaves),
        Route.at("/frameworks", this::frameworks),
        Route.at("/tasks", this::tasks));
  }

  @FunctionalInterface
  private interface Page {
    void write(ClusterView view, JsonGenerator out) throws IOException;
  }

  private Route read(String path, Page page) {
    return Route.at(path, (request, to) -> answer(large, request, List.of(), page, to));
  }

  private static void answer(
      SharedAnswers<ClusterSnapshot> answers,
      Request request,
      List<String> parameters,
      Page page,
      Responder to) {
    JsonAnswers.share(
        answers,
        request,
        parameters,
        (snapshot, out) -> page.write(new ClusterView(snapshot), out),
        to);
  }

  private Response page() {
    return Response.of(200, "text/html", page);
  }

  private Response redirect() {
    return Response.of(307).with("Location", "//" + identity.hostname() + ":" + identity.port());
  }

  private void metrics(Request request, Responder to) {
    String timeout = request.query("timeout");
    String problem = timeout == null ? null : timeoutProblem(timeout);
    if (problem != null) {
      to.respond(Response.text(400, "Invalid timeout '" + timeout + "': " + problem + "."));
      return;
    }
    answer(
        small,
        request,
        List.of(),
        (view, out) -> MetricsJson.write(metrics(view.snapshot()), out),
        to);
  }

  /** All metrics but the host's. */
  Map<String, Double> metrics(ClusterSnapshot snapshot) {
    Map<String, Double> values = Gauges.of(snapshot);
    values.putAll(ownMetrics.get());
    values.put("master/elected", 1.0);
    values.put("master/uptime_secs", snapshot.takenNanos() / 1e9 - identity.startSeconds());
    return values;
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

  private void slaves(Request request, Responder to) {
    Predicate<String> wanted = only(request, "slave_id");
    answer(
        large,
        request,
        List.of("slave_id"),
        (view, out) -> state.writeSlaves(view, wanted, out),
        to);
  }

  private void frameworks(Request request, Responder to) {
    Predicate<String> wanted = only(request, "framework_id");
    answer(
        large,
        request,
        List.of("framework_id"),
        (view, out) -> state.writeFrameworksPage(view, wanted, out),
        to);
  }

  private static Predicate<String> only(Request request, String parameter) {
    String only = request.query(parameter);
    return id -> only == null || only.isEmpty() || only.equals(id);
  }

  /** Numbers that are none count as absent, as in Mesos. */
  private void tasks(Request request, Responder to) {
    StateJson.TaskQuery query =
        new StateJson.TaskQuery(
            number(request, "limit", DEFAULT_TASKS),
            number(request, "offset", 0),
            "asc".equals(request.query("order")),
            text(request, "framework_id"),
            text(request, "task_id"));
    answer(
        large,
        request,
        List.of("limit", "offset", "order", "framework_id", "task_id"),
        (view, out) -> state.writeTasks(view, query, out),
        to);
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
