package io.perigee.master.server;

import io.perigee.endpoints.JsonAnswers;
import io.perigee.endpoints.PendingAnswers;
import io.perigee.master.core.MasterEvent;
import io.perigee.net.http.Request;
import io.perigee.net.http.Response;
import io.perigee.net.server.Responder;
import io.perigee.net.server.Route;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The old endpoints that change something, and what they say of themselves to a reader. Source:
 * mesos/src/master/http.cpp; forms are {@code application/x-www-form-urlencoded} bodies.
 */
final class OldWrites {
  /** What can only be written, and cannot be yet. */
  private static final List<String> WRITTEN_ONLY =
      List.of(
          "/reserve",
          "/unreserve",
          "/create-volumes",
          "/destroy-volumes",
          "/machine/down",
          "/machine/up");

  private final PendingAnswers<MasterEvent> answers;

  OldWrites(PendingAnswers<MasterEvent> answers) {
    this.answers = answers;
  }

  List<Route> routes() {
    List<Route> routes = new ArrayList<>();
    routes.add(Route.at("/teardown", this::teardown).methods("POST"));
    routes.add(readable("/maintenance/schedule", "{}", "GET", "POST"));
    routes.add(readable("/maintenance/status", "{}", "GET"));
    routes.add(readable("/quota", "{}", "GET", "POST", "DELETE"));
    routes.add(readable("/weights", "[]", "GET", "PUT"));
    for (String path : WRITTEN_ONLY) {
      routes.add(Route.at(path, (request, to) -> to.respond(notBuilt(path))).methods("POST"));
    }
    return routes;
  }

  /** Told as Mesos tells it while nothing is set, since nothing can be. */
  private static Route readable(String path, String nothing, String... methods) {
    return Route.at(
            path,
            (request, to) ->
                to.respond(
                    request.method().equals("GET") || request.method().equals("HEAD")
                        ? JsonAnswers.of(request, out -> out.writeRawValue(nothing))
                        : notBuilt(path)))
        .methods(methods);
  }

  private static Response notBuilt(String path) {
    return Response.text(501, path + " is not built into this master yet, but for reading");
  }

  /** {@code frameworkId=…} in the body. */
  private void teardown(Request request, Responder to) {
    String id = field(new String(request.body(), StandardCharsets.UTF_8), "frameworkId");
    if (id == null) {
      to.respond(Response.text(400, "Missing 'frameworkId' query parameter"));
      return;
    }
    answers.ask(to, number -> new MasterEvent.OperatorTearsDown(number, id));
  }

  /** The first field of that name in a form; null if there is none or the form is none. */
  private static @Nullable String field(String form, String name) {
    for (String pair : form.strip().split("&", -1)) {
      if (pair.startsWith(name + "=")) {
        try {
          return URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
          return null;
        }
      }
    }
    return null;
  }
}
