package io.perigee.endpoints;

import io.perigee.net.http.Response;
import io.perigee.net.server.Route;
import java.util.List;

/**
 * What old tools ask of libprocess, the library under Mesos: there is none here, and the answers
 * say as much in its words. Source: libprocess' process.cpp and profiler.cpp.
 */
public final class LibprocessRoutes {
  private LibprocessRoutes() {}

  /**
   * {@code /__processes__}, {@code /profiler/start} and {@code /profiler/stop}.
   *
   * @param process of this daemon, such as {@code master}: the only one
   */
  public static List<Route> of(String process) {
    return List.of(
        Route.at(
            "/__processes__",
            (request, to) ->
                to.respond(
                    JsonAnswers.of(
                        request,
                        out -> {
                          out.writeStartArray();
                          out.writeStartObject();
                          out.writeArrayFieldStart("events");
                          out.writeEndArray();
                          out.writeStringField("id", process);
                          out.writeEndObject();
                          out.writeEndArray();
                        }))),
        noProfiler("/profiler/start"),
        noProfiler("/profiler/stop"));
  }

  private static Route noProfiler(String path) {
    return Route.at(
        path,
        (request, to) ->
            to.respond(
                Response.text(
                    400,
                    "Perftools is disabled. To enable perftools, configure libprocess with"
                        + " --enable-perftools.\n")));
  }
}
