package io.perigee.net.client;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Why there is no response. The message names the request and the cause. */
public final class HttpFailure extends IOException {
  private static final long serialVersionUID = 1;

  private final Kind kind;

  /** What a caller may tell apart. */
  public enum Kind {
    /** No connection: unknown host, refused, unreachable, TLS. The request was not sent. */
    CONNECT_FAILED,
    /** One of the {@link ClientLimits}' times passed. The server may have acted on the request. */
    TIMED_OUT,
    /** The connection ended before the response did. The server may have acted on the request. */
    CLOSED_EARLY,
    /** Headers or body exceed the {@link ClientLimits}. */
    TOO_LARGE,
    /** What came back is not HTTP. */
    MALFORMED,
    /** Too many calls wait for a connection to this host. The request was not sent. */
    TOO_MANY_WAITING,
    /** {@link Call#cancel} was called, or the client closed. */
    CANCELLED,
    /** The server did not turn the connection into a link; the message holds its answer. */
    UPGRADE_REFUSED
  }

  HttpFailure(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
