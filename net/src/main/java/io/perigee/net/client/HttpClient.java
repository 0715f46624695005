package io.perigee.net.client;

import io.perigee.net.Counters;
import io.perigee.net.EventLoops;
import io.perigee.net.http.Headers;
import io.perigee.net.link.FrameLink;
import io.perigee.net.link.LinkCounters;
import io.perigee.net.link.LinkLimits;
import io.perigee.net.link.LinkListener;
import io.perigee.net.tls.Tls;
import io.perigee.net.wire.ShutDown;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends HTTP requests and opens links. Safe for all threads; a virtual thread may simply wait for
 * the futures. Nothing is repeated and no redirect is followed: whether a call that failed may be
 * made again, {@link HttpFailure.Kind} and its meaning tell.
 */
public final class HttpClient implements AutoCloseable {
  /** More of an answer to an upgrade is not worth reading. */
  private static final int REFUSAL_BYTES = 64 * 1024;

  private final EventLoops loops;
  private final ClientParts parts;
  private final Connector connector;
  private final Pool pool;

  /**
   * @param tls for {@code https}; null if none is asked for; closed by its owner
   */
  public HttpClient(
      EventLoops loops,
      ClientLimits limits,
      LinkLimits linkLimits,
      @Nullable Tls tls,
      Counters counters) {
    this.loops = loops;
    this.parts =
        new ClientParts(
            limits, new ClientCounters(counters), linkLimits, new LinkCounters(counters));
    this.connector = new Connector(loops, parts, tls);
    this.pool = new Pool(connector, limits);
  }

  /**
   * Sends a request. Cancelling the future does not call it back.
   *
   * @return the response whatever its status, or an {@link HttpFailure}
   */
  public CompletableFuture<ClientResponse> send(ClientRequest request) {
    WholeResponse response = new WholeResponse(request, parts.limits().responseBytes());
    pool.send(begin(new ClientCall(request, response, null, true, parts.counters())));
    return response.result();
  }

  /** Sends a request whose response is told piece by piece. */
  public Call stream(ClientRequest request, ResponseListener listener) {
    ClientCall call = begin(new ClientCall(request, listener, null, false, parts.counters()));
    pool.send(call);
    return call;
  }

  /**
   * Opens a link on a connection of its own.
   *
   * @param uri of the server's upgrade route
   * @param headers such as Authorization
   * @param protocol for the Upgrade header
   * @param listener hears of the link before the future completes
   * @return the link, or an {@link HttpFailure}
   */
  public CompletableFuture<FrameLink> openLink(
      URI uri, Headers headers, String protocol, LinkListener listener) {
    ClientRequest request =
        new ClientRequest("GET", uri, headers.with("Upgrade", protocol), new byte[0]);
    CompletableFuture<FrameLink> result = new CompletableFuture<>();
    WholeResponse refusal = new WholeResponse(request, REFUSAL_BYTES);
    var _ =
        refusal
            .result()
            .whenComplete((response, failure) ->
                result.completeExceptionally(
                    failure != null
                        ? failure
                        : new HttpFailure(
                            HttpFailure.Kind.UPGRADE_REFUSED,
                            request + ": " + response.status() + " " + response.text(),
                            null)));
    LinkListener opening = new LinkOpening(listener, result);
    connector.connectFor(
        begin(new ClientCall(request, refusal, opening, true, parts.counters())),
        new DedicatedConnection());
    return result;
  }

  private ClientCall begin(ClientCall call) {
    call.timer(
        loops
            .group()
            .schedule(
                () ->
                    call.fail(
                        HttpFailure.Kind.TIMED_OUT,
                        "no response within " + parts.limits().requestTime(),
                        null),
                parts.limits().requestTime().toNanos(),
                TimeUnit.NANOSECONDS));
    return call;
  }

  /**
   * Ends all calls and links; links get a second to send what waits. Blocks until then, and so must
   * not be called on an event loop.
   */
  @Override
  public void close() {
    pool.close();
    connector.connections().forEach(it -> it.pipeline().fireUserEventTriggered(new ShutDown()));
    connector.connections().newCloseFuture().awaitUninterruptibly(1, TimeUnit.SECONDS);
    connector.connections().close().awaitUninterruptibly();
  }
}
