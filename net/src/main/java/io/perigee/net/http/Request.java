package io.perigee.net.http;

import io.perigee.net.auth.Principal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A whole request. The body belongs to the handler; nobody else writes to it. */
public final class Request {
  private final RequestHead head;
  private final String route;
  private final @Nullable Principal principal;
  private final byte[] body;

  public Request(RequestHead head, String route, @Nullable Principal principal, byte[] body) {
    this.head = head;
    this.route = route;
    this.principal = principal;
    this.body = body;
  }

  public RequestHead head() {
    return head;
  }

  public String method() {
    return head.method();
  }

  public String path() {
    return head.path();
  }

  /** The path of the route that matched; what {@link #path} has beyond it was left over. */
  public String route() {
    return route;
  }

  public Headers headers() {
    return head.headers();
  }

  /** The first value of a query parameter, null if it is absent. */
  public @Nullable String query(String name) {
    return head.query(name);
  }

  /** Every value of a query parameter, in order. */
  public List<String> queryAll(String name) {
    return head.target().query().getOrDefault(name, List.of());
  }

  /** Who asks; null if that is unknown, which the route's authenticator permitted. */
  public @Nullable Principal principal() {
    return principal;
  }

  /** Inflated if the client sent it gzipped; empty if there was none. */
  public byte[] body() {
    return body;
  }

  @Override
  public String toString() {
    return head.toString();
  }
}
