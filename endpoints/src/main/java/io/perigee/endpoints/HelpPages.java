package io.perigee.endpoints;

import io.perigee.net.http.Request;
import io.perigee.net.http.Response;
import io.perigee.net.server.Route;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * {@code /help}, {@code /help/PROCESS} and {@code /help/PROCESS/ENDPOINT}: what there is to ask
 * for. Paths and refusals are those of libprocess' help.cpp, the pages are plain HTML of ours.
 * Immutable.
 */
public final class HelpPages {
  /** What both daemons have. */
  public static final List<Entry> COMMON =
      List.of(
          new Entry("files", "browse", "The entries of a directory: ?path=."),
          new Entry("files", "debug", "The paths that can be read, and where they are."),
          new Entry("files", "download", "A file: ?path=. Understands Range: bytes=N-."),
          new Entry("files", "read", "A piece of a file: ?path=&offset=&length=, at most 64 KiB."),
          new Entry("logging", "toggle", "The log's verbosity; ?level=1&duration=15mins sets it."),
          new Entry("metrics", "snapshot", "All metrics: one object of numbers."),
          new Entry("system", "stats.json", "Processors, memory and load of this machine."),
          new Entry("version", "", "The version that runs."));

  private final SortedMap<String, SortedMap<String, String>> summaries = new TreeMap<>();

  /**
   * One endpoint.
   *
   * @param process first part of the path, such as {@code master}
   * @param name the rest of the path without its slash; empty for the process itself
   * @param summary a sentence, not HTML
   */
  public record Entry(String process, String name, String summary) {}

  public HelpPages(List<Entry> entries) {
    for (Entry entry : entries) {
      summaries
          .computeIfAbsent(entry.process(), none -> new TreeMap<>())
          .put(entry.name(), entry.summary());
    }
  }

  public Route route() {
    return Route.at("/help", (request, to) -> to.respond(answer(request))).methods("GET");
  }

  Response answer(Request request) {
    String rest = request.path().replaceFirst("^/+help/*", "").replaceFirst("/+$", "");
    if (rest.isEmpty()) {
      List<String> lines = new ArrayList<>();
      summaries.forEach((process, endpoints) -> lines.add(link("/help/" + process)));
      return page("Help", lines);
    }
    int slash = rest.indexOf('/');
    String process = slash < 0 ? rest : rest.substring(0, slash);
    Map<String, String> endpoints = summaries.get(process);
    if (endpoints == null) {
      return Response.text(400, "No help available for '/" + process + "'.\n");
    }
    String name = slash < 0 ? "" : rest.substring(slash + 1);
    String summary = endpoints.get(name);
    if (slash < 0) {
      List<String> lines = new ArrayList<>();
      endpoints.forEach((endpoint, text) -> lines.add(line(process, endpoint, text)));
      return page("/" + process, lines);
    }
    return summary == null
        ? Response.text(400, "No help available for '/" + rest + "'.\n")
        : page("/" + rest, List.of(escape(summary)));
  }

  private static String line(String process, String endpoint, String summary) {
    String path = "/" + process + (endpoint.isEmpty() ? "" : "/" + endpoint);
    return link("/help" + path) + ": " + escape(summary);
  }

  private static String link(String path) {
    return "<a href=\"" + escape(path) + "\">" + escape(path) + "</a>";
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }

  private static Response page(String title, List<String> lines) {
    StringBuilder html = new StringBuilder("<html><head><title>Help</title></head><body><h1>");
    html.append(escape(title)).append("</h1>");
    lines.forEach(line -> html.append("<p>").append(line).append("</p>"));
    html.append("</body></html>\n");
    return Response.of(200, "text/html", html.toString().getBytes(StandardCharsets.UTF_8));
  }
}
