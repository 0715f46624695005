package io.perigee.net.server;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.ssl.SslHandler;
import io.perigee.net.auth.Authentication;
import io.perigee.net.auth.Principal;
import io.perigee.net.http.Headers;
import io.perigee.net.http.Request;
import io.perigee.net.http.RequestHead;
import io.perigee.net.http.RequestTarget;
import io.perigee.net.http.Response;
import io.perigee.net.link.LinkAcceptance;
import io.perigee.net.wire.HttpHead;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * What happens between a request's arrival and its handler, in this order: malformed (400), too
 * large (413), no route (404), who asks (401, 403), method (405), body, handler. Event loop.
 */
final class Dispatcher {
  private final ServerConnection connection;
  private final Channel channel;
  private final ServerParts parts;
  private boolean isBusy;
  private boolean isCertificateKnown;
  private @Nullable X509Certificate certificate;

  Dispatcher(ServerConnection connection, Channel channel) {
    this.connection = connection;
    this.channel = channel;
    this.parts = connection.parts();
  }

  /** True while the connection must not go on to the next request. */
  boolean isBusy() {
    return isBusy;
  }

  /** The answer to a head that the decoder could not read. */
  Response malformed(Throwable cause) {
    return switch (cause) {
      case TooLongHttpLineException line -> struck(Limit.REQUEST_LINE);
      case TooLongHttpHeaderException header -> struck(Limit.HEADERS);
      default -> malformed();
    };
  }

  /** The answer to what cannot be understood. */
  Response malformed() {
    parts.counters().malformedRequests.increment();
    return Response.of(400);
  }

  /** Counts the limit and makes its answer. */
  Response struck(Limit limit) {
    parts.counters().struck(limit);
    return Response.of(
        switch (limit) {
          case REQUEST_LINE -> 414;
          case HEADERS -> 431;
          case BODY -> 413;
          case ALL_BODIES, WAITING_FOR_WORKER -> 503;
          case HEADER_TIME, STALL_TIME, IDLE_TIME, CONNECTIONS, PIPELINED_REQUESTS ->
              throw new AssertionError(limit + " is not answered");
        });
  }

  Exchange begin(HttpRequest request) {
    return new Exchange(
        connection,
        readHead(request),
        request.protocolVersion().compareTo(HttpVersion.HTTP_1_1) < 0,
        !HttpUtil.isKeepAlive(request) || request.protocolVersion().majorVersion() != 1);
  }

  private @Nullable RequestHead readHead(HttpRequest request) {
    RequestTarget target = RequestTarget.parse(request.uri());
    if (target == null
        || request.protocolVersion().majorVersion() != 1
        || !(channel.remoteAddress() instanceof InetSocketAddress remoteAddress)) {
      return null;
    }
    Headers headers;
    try {
      headers = HttpHead.read(request.headers());
    } catch (IllegalArgumentException malformed) {
      return null;
    }
    return new RequestHead(
        request.method().name(),
        target,
        parts.router().withoutProcessId(target.path()),
        headers,
        remoteAddress,
        certificate());
  }

  /** The client's, known once the first request is there. */
  private @Nullable X509Certificate certificate() {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls == null || isCertificateKnown) {
      return certificate;
    }
    isCertificateKnown = true;
    try {
      if (tls.engine().getSession().getPeerCertificates()[0] instanceof X509Certificate x509) {
        certificate = x509;
      }
    } catch (SSLPeerUnverifiedException hasNone) {
      certificate = null;
    }
    return certificate;
  }

  /** Looks at a head; the body may still be on its way. */
  void check(Exchange exchange, HttpRequest request) {
    RequestHead head = exchange.head();
    String encoding = String.join(",", request.headers().getAll("Transfer-Encoding"));
    String expect = request.headers().get("Expect");
    if (!encoding.isEmpty() && !encoding.strip().equalsIgnoreCase("chunked")) {
      // Where such a body ends is not known for sure (RFC 9112, section 6.3).
      connection.refuse(exchange, malformed());
      return;
    }
    if (HttpUtil.getContentLength(request, 0L) > parts.limits().bodyBytes()) {
      connection.refuse(exchange, struck(Limit.BODY));
      return;
    }
    if (expect != null && !exchange.isHttp10()) {
      if (!expect.equalsIgnoreCase("100-continue")) {
        connection.refuse(exchange, Response.of(417));
        return;
      }
      exchange.expectContinue();
    }
    if (head == null) {
      refuse(exchange, malformed());
      return;
    }
    Route route = parts.router().find(head.path());
    if (route == null) {
      refuse(exchange, Response.of(404));
      return;
    }
    authenticate(exchange, head, route);
  }

  /** Answers before the body was looked at. */
  private void refuse(Exchange exchange, Response response) {
    if (exchange.awaitsContinue()) {
      // The client may send its body now or never: nothing that follows can be understood.
      connection.refuse(exchange, response);
    } else {
      exchange.respond(response);
    }
  }

  private void authenticate(Exchange exchange, RequestHead head, Route route) {
    CompletableFuture<Authentication> result;
    try {
      result = parts.router().authenticator(route).authenticate(head);
    } catch (RuntimeException broken) {
      exchange.failed(broken);
      return;
    }
    if (result.isDone()) {
      authenticated(exchange, head, route, result);
      return;
    }
    isBusy = true;
    var _ =
        result.whenComplete((who, failure) ->
            channel
                .eventLoop()
                .execute(() -> {
                  isBusy = false;
                  authenticated(exchange, head, route, result);
                  connection.pump();
                }));
  }

  private void authenticated(
      Exchange exchange, RequestHead head, Route route, CompletableFuture<Authentication> result) {
    if (result.isCompletedExceptionally()) {
      exchange.failed(
          result.isCancelled()
              ? new CancellationException("the authenticator was cancelled")
              : result.exceptionNow());
      return;
    }
    Principal principal = null;
    switch (result.join()) {
      case Authentication.Refused(int status, String challenge) -> {
        Response response = Response.of(status);
        refuse(
            exchange, challenge == null ? response : response.with("WWW-Authenticate", challenge));
        return;
      }
      case Authentication.Authenticated(Principal known) -> principal = known;
      case Authentication.Anonymous() -> {}
    }
    if (!route.allows(head.method())) {
      refuse(exchange, methodNotAllowed(route, head));
      return;
    }
    exchange.admit(route, principal);
    if (exchange.isBodyComplete()) {
      proceed(exchange);
    }
  }

  private static Response methodNotAllowed(Route route, RequestHead head) {
    String text =
        "405 Method Not Allowed. Expecting one of { '%s' }, but received '%s'."
            .formatted(String.join("', '", route.methods()), head.method());
    return new Response(
        405,
        Headers.of("Allow", String.join(", ", route.methods()), "Content-Type", Response.TEXT),
        text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** The body is complete. */
  void proceed(Exchange exchange) {
    RequestHead head = exchange.head();
    Route route = exchange.route();
    if (head == null || route == null || exchange.isAnswered()) {
      return;
    }
    if (!head.headers().lists("content-encoding", "gzip")) {
      dispatch(exchange, head, route);
      return;
    }
    // A few kilobytes can inflate to the body limit, which takes too long for an event loop.
    isBusy = true;
    Thread.ofVirtual()
        .name("net-gunzip")
        .start(() -> {
          Response refusal = inflate(exchange);
          channel
              .eventLoop()
              .execute(() -> {
                isBusy = false;
                if (refusal != null) {
                  exchange.respond(refusal);
                } else {
                  dispatch(exchange, head, route);
                }
                connection.pump();
              });
        });
  }

  private @Nullable Response inflate(Exchange exchange) {
    try {
      Limit struck = exchange.body().inflate();
      return struck == null ? null : struck(struck);
    } catch (IOException notGzip) {
      return malformed();
    }
  }

  private void dispatch(Exchange exchange, RequestHead head, Route route) {
    Request request =
        new Request(head, route.path(), exchange.principal(), exchange.body().toBytes());
    switch (route.target()) {
      case Route.Target.Handled(Handler handler, Route.RunsOn thread) -> {
        Runnable handling = () -> handle(handler, request, exchange);
        switch (thread) {
          case EVENT_LOOP -> handling.run();
          case WORKER -> {
            if (!parts.workers().submit(handling)) {
              exchange.respond(struck(Limit.WAITING_FOR_WORKER));
            }
          }
        }
      }
      case Route.Target.Upgraded upgraded -> upgrade(exchange, head, upgraded);
    }
  }

  private static void handle(Handler handler, Request request, Exchange exchange) {
    try {
      handler.handle(request, exchange);
    } catch (Throwable broken) { // Outermost frame: whatever a handler throws, its client hears.
      exchange.failed(broken);
    }
  }

  private void upgrade(Exchange exchange, RequestHead head, Route.Target.Upgraded upgraded) {
    String protocol = upgraded.protocol();
    boolean isUpgrade =
        head.method().equals("GET")
            && head.headers().lists("connection", "upgrade")
            && head.headers().lists("upgrade", protocol)
            && !exchange.closesConnection();
    if (!isUpgrade) {
      exchange.respond(Response.of(426).with("Upgrade", protocol));
      return;
    }
    LinkAcceptance acceptance;
    try {
      acceptance = upgraded.acceptor().accept(head, exchange.principal());
    } catch (RuntimeException broken) {
      exchange.failed(broken);
      return;
    }
    switch (acceptance) {
      case LinkAcceptance.Accepted(var listener) -> {
        isBusy = true;
        exchange.upgrade(new UpgradeReply(connection, protocol, listener));
      }
      case LinkAcceptance.Refused(Response response) -> exchange.respond(response);
    }
  }
}
