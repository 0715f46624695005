package io.perigee.net.server;

import io.perigee.net.auth.Authenticator;
import io.perigee.net.link.LinkAcceptor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What happens to requests at and below one path. Immutable. */
public final class Route {
  /** Where a handler runs. */
  enum RunsOn {
    EVENT_LOOP,
    WORKER
  }

  /** What a route leads to. */
  sealed interface Target {
    record Handled(Handler handler, RunsOn thread) implements Target {}

    record Upgraded(String protocol, LinkAcceptor acceptor) implements Target {}
  }

  private final String path;
  private final Target target;
  private final List<String> methods;
  private final boolean exact;
  private final @Nullable Authenticator authenticator;

  private Route(
      String path,
      Target target,
      List<String> methods,
      boolean exact,
      @Nullable Authenticator authenticator) {
    if (!path.startsWith("/") || (path.length() > 1 && path.endsWith("/"))) {
      throw new IllegalArgumentException("a route's path is like /api/v1, not '" + path + "'");
    }
    this.path = path;
    this.target = target;
    this.methods = methods;
    this.exact = exact || path.equals("/");
    this.authenticator = authenticator;
  }

  /**
   * A handler that runs on the event loop of the connection: it must not block, and it sees
   * pipelined requests in their order.
   */
  public static Route at(String path, Handler handler) {
    return of(path, new Target.Handled(handler, RunsOn.EVENT_LOOP));
  }

  /**
   * A handler that runs on a virtual thread and may block. {@link HttpLimits#workers} run at once,
   * {@link HttpLimits#waitingForWorker} wait, further requests get 503.
   */
  public static Route onWorker(String path, Handler handler) {
    return of(path, new Target.Handled(handler, RunsOn.WORKER));
  }

  /**
   * A path whose GET requests become links.
   *
   * @param protocol that the Upgrade header must name, in lower case
   */
  public static Route upgrade(String path, String protocol, LinkAcceptor acceptor) {
    return of(path, new Target.Upgraded(protocol, acceptor)).methods("GET").exactly();
  }

  private static Route of(String path, Target target) {
    return new Route(path, target, List.of(), false, null);
  }

  /** Other methods get 405; GET stands for HEAD too. Without this call every method is handled. */
  public Route methods(String... allowed) {
    return new Route(path, target, List.of(allowed), exact, authenticator);
  }

  /** Nothing may follow the path, as is always the case for {@code /}. */
  public Route exactly() {
    return new Route(path, target, methods, true, authenticator);
  }

  /** Instead of the router's authenticator. */
  public Route authenticatedBy(Authenticator other) {
    return new Route(path, target, methods, exact, other);
  }

  public String path() {
    return path;
  }

  Target target() {
    return target;
  }

  boolean isExact() {
    return exact;
  }

  @Nullable Authenticator authenticator() {
    return authenticator;
  }

  List<String> methods() {
    return methods;
  }

  boolean allows(String method) {
    return methods.isEmpty()
        || methods.contains(method)
        || (method.equals("HEAD") && methods.contains("GET"));
  }
}
