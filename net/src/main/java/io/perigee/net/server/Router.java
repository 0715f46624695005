package io.perigee.net.server;

import io.perigee.net.auth.Authenticator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the route of a path the way libprocess does: if there is none for the whole path its last
 * components are removed one by one until there is. A process id such as {@code master} or {@code
 * slave(1)} may stand in front of every path. Immutable.
 */
public final class Router {
  private final String prefix;
  private final Authenticator authenticator;
  private final SortedMap<String, Route> routes = new TreeMap<>();
  private final int longestPath;

  /**
   * @param processId optional first component of every path, without slashes
   * @param authenticator of the routes that name none
   */
  public Router(String processId, Authenticator authenticator, List<Route> routes) {
    this.prefix = "/" + processId;
    this.authenticator = authenticator;
    for (Route route : routes) {
      if (this.routes.put(route.path(), route) != null) {
        throw new IllegalArgumentException("there are two routes for " + route.path());
      }
    }
    this.longestPath = routes.stream().mapToInt(route -> route.path().length()).max().orElse(0);
  }

  /** The paths of all routes, sorted. */
  public List<String> paths() {
    return List.copyOf(routes.keySet());
  }

  /** The path without the process id in front, {@code /} for the process id alone. */
  String withoutProcessId(String path) {
    if (!path.startsWith(prefix)) {
      return path;
    }
    String rest = path.substring(prefix.length());
    return rest.isEmpty() ? "/" : rest.startsWith("/") ? rest : path;
  }

  /**
   * @param path decoded, without process id
   */
  @Nullable Route find(String path) {
    Route whole = routes.get(path);
    if (whole != null) {
      return whole;
    }
    // Nothing longer than the longest route is looked up: a path of a thousand slashes is cheap.
    int end = path.lastIndexOf('/', longestPath);
    for (; end > 0; end = path.lastIndexOf('/', end - 1)) {
      Route route = routes.get(path.substring(0, end));
      if (route != null && !route.isExact()) {
        return route;
      }
    }
    return null;
  }

  Authenticator authenticator(Route route) {
    Authenticator own = route.authenticator();
    return own == null ? authenticator : own;
  }
}
