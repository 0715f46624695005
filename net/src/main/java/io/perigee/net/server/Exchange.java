package io.perigee.net.server;

import io.perigee.net.auth.Principal;
import io.perigee.net.http.Accept;
import io.perigee.net.http.Headers;
import io.perigee.net.http.RequestHead;
import io.perigee.net.http.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request and its answer. {@link Responder}'s methods: any thread; the rest belongs to the
 * connection's event loop.
 */
final class Exchange implements Responder {
  private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

  /** Smaller bodies are not worth it; Mesos' limit (libprocess process.cpp). */
  private static final int GZIP_MIN_BYTES = 1024;

  private static final byte[] NO_BODY = {};

  private final ServerConnection connection;
  private final @Nullable RequestHead head;
  private final boolean isHttp10;
  private final AtomicBoolean isAnswered = new AtomicBoolean();

  // The connection's event loop.
  private final RequestBody body;
  private boolean closesConnection;
  private boolean awaitsContinue;
  private boolean isBodyComplete;
  private @Nullable Route route;
  private @Nullable Principal principal;
  private @Nullable Reply reply;

  /**
   * @param head null if it was malformed
   */
  Exchange(
      ServerConnection connection,
      @Nullable RequestHead head,
      boolean isHttp10,
      boolean closesConnection) {
    this.connection = connection;
    this.head = head;
    this.isHttp10 = isHttp10;
    this.closesConnection = closesConnection;
    this.body =
        new RequestBody(connection.parts().limits().bodyBytes(), connection.parts().bodyMemory());
  }

  @Nullable RequestHead head() {
    return head;
  }

  /** The route answers it for this principal. */
  void admit(Route found, @Nullable Principal known) {
    route = found;
    principal = known;
  }

  /** Null until it was admitted. */
  @Nullable Route route() {
    return route;
  }

  @Nullable Principal principal() {
    return principal;
  }

  boolean isHead() {
    return head != null && head.method().equals("HEAD");
  }

  boolean isHttp10() {
    return isHttp10;
  }

  RequestBody body() {
    return body;
  }

  void bodyEnded() {
    isBodyComplete = true;
    awaitsContinue = false;
  }

  boolean isBodyComplete() {
    return isBodyComplete;
  }

  void expectContinue() {
    awaitsContinue = true;
  }

  /** True while the client holds its body back until it is told to go on. */
  boolean awaitsContinue() {
    return awaitsContinue;
  }

  /** True once, if the client awaits it. */
  boolean takeContinue() {
    boolean awaited = awaitsContinue;
    awaitsContinue = false;
    return awaited;
  }

  void closeAfterwards() {
    closesConnection = true;
  }

  boolean closesConnection() {
    return closesConnection;
  }

  /** Null until it has arrived on the event loop. */
  @Nullable Reply reply() {
    return reply;
  }

  void take(Reply arrived) {
    reply = arrived;
  }

  /** The connection ended before the answer was written. */
  void lost() {
    body.release();
    if (reply != null) {
      reply.lost();
    }
  }

  /** True if an answer was given, though it may not be here yet. */
  boolean isAnswered() {
    return isAnswered.get();
  }

  @Override
  public void respond(Response response) {
    claim();
    if (acceptsGzip(response)) {
      // Neither the deciding thread nor the event loop should spend milliseconds on this.
      Thread.ofVirtual().name("net-gzip").start(() -> put(whole(gzip(response))));
    } else {
      put(whole(response));
    }
  }

  @Override
  public ResponseStream openStream(
      int status, Headers headers, StreamListener listener, long bufferBytes) {
    Response head = new Response(status, headers, NO_BODY);
    claim();
    StreamReply stream =
        new StreamReply(connection, this, connection.channel(), head, listener, bufferBytes);
    ServerCounters counters = connection.parts().counters();
    counters.streamsOpen.increment();
    counters.streamsTotal.increment();
    put(stream);
    return stream;
  }

  @Override
  public ResponseStream openStream(int status, Headers headers, StreamListener listener) {
    return openStream(status, headers, listener, connection.parts().limits().streamBufferBytes());
  }

  /** Answers with an upgrade. */
  void upgrade(UpgradeReply upgrade) {
    claim();
    put(upgrade);
  }

  /** What the handler threw, on its thread. */
  void failed(Throwable cause) {
    LOG.error("{}: the handler failed", this, cause);
    connection.parts().counters().handlerFailures.increment();
    if (isAnswered.compareAndSet(false, true)) {
      put(whole(Response.of(500)));
    }
  }

  private void claim() {
    if (!isAnswered.compareAndSet(false, true)) {
      throw new IllegalStateException(this + " was answered before");
    }
  }

  private WholeReply whole(Response response) {
    return new WholeReply(connection.output(), this, response);
  }

  private void put(Reply answer) {
    connection.answered(this, answer);
  }

  private boolean acceptsGzip(Response response) {
    return head != null
        && response.body().length >= GZIP_MIN_BYTES
        && response.headers().get("Content-Encoding") == null
        && Accept.parse(head.headers().list("Accept-Encoding")).lists("gzip");
  }

  private static Response gzip(Response response) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(response.body().length / 4);
    try (OutputStream out = new GZIPOutputStream(bytes, 8 * 1024)) {
      out.write(response.body());
    } catch (IOException inMemory) {
      throw new UncheckedIOException(inMemory);
    }
    return new Response(
        response.status(),
        response.headers().with("Content-Encoding", "gzip"),
        bytes.toByteArray());
  }

  /** The request line; never headers or body. */
  @Override
  public String toString() {
    return head == null ? "malformed request" : head.toString();
  }
}
