package io.perigee.net.server;

import io.perigee.net.wire.Positive;
import java.time.Duration;

/**
 * What a server puts up with. Each limit that strikes is counted as {@code
 * http_limit_strikes_total{limit="..."}} under the name of its {@link Limit}.
 *
 * @param requestLineBytes longer: 414
 * @param headerBytes all fields of one request together, longer: 431
 * @param bodyBytes of one request, sent and inflated; larger: 413
 * @param allBodiesBytes of all requests being received or handled together; beyond: 503
 * @param headerTime from the first byte of a request to the end of its headers, and for a TLS
 *     handshake; longer: closed
 * @param stallTime without any progress while a request's body is received or a whole answer is
 *     sent; longer: closed
 * @param idleTime of a connection that waits for a request; longer: closed
 * @param connections at once; one more is accepted and closed
 * @param pipelinedRequests of one connection that wait for their answer; beyond, the connection is
 *     not read
 * @param workers handlers that run at once on virtual threads
 * @param waitingForWorker requests that wait for one of these; beyond: 503
 * @param streamBufferBytes that one response stream keeps for a slow reader; beyond: disconnected
 */
public record HttpLimits(
    int requestLineBytes,
    int headerBytes,
    int bodyBytes,
    long allBodiesBytes,
    Duration headerTime,
    Duration stallTime,
    Duration idleTime,
    int connections,
    int pipelinedRequests,
    int workers,
    int waitingForWorker,
    long streamBufferBytes) {

  public HttpLimits {
    Positive.check("requestLineBytes", requestLineBytes);
    Positive.check("headerBytes", headerBytes);
    Positive.check("bodyBytes", bodyBytes);
    Positive.check("allBodiesBytes", allBodiesBytes);
    Positive.check("headerTime", headerTime);
    Positive.check("stallTime", stallTime);
    Positive.check("idleTime", idleTime);
    Positive.check("connections", connections);
    Positive.check("pipelinedRequests", pipelinedRequests);
    Positive.check("workers", workers);
    Positive.check("waitingForWorker", waitingForWorker);
    Positive.check("streamBufferBytes", streamBufferBytes);
  }

  /** The defaults, each beside its reason. */
  public static HttpLimits defaults() {
    return builder().build();
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Changes some limits and leaves the others at their defaults. Not safe for several threads. */
  public static final class Builder {
    private int requestLineBytes =
        8 * 1024; // The usual limit of web servers; a long /files path fits.
    private int headerBytes = 64 * 1024; // Room for tokens in Authorization.
    private int bodyBytes = 64 << 20; // An ACCEPT of 50,000 tasks, reckoned at 1 KiB each.
    private long allBodiesBytes = 256L << 20; // Four of the largest.
    private Duration headerTime = Duration.ofSeconds(15);
    private Duration stallTime = Duration.ofSeconds(30);
    private Duration idleTime = Duration.ofMinutes(10);
    private int connections = 20_000;
    private int pipelinedRequests = 64;
    private int workers = 64;
    private int waitingForWorker = 1024;
    private long streamBufferBytes = 8L << 20;

    private Builder() {}

    public Builder requestLineBytes(int bytes) {
      requestLineBytes = bytes;
      return this;
    }

    public Builder headerBytes(int bytes) {
      headerBytes = bytes;
      return this;
    }

    public Builder bodyBytes(int bytes) {
      bodyBytes = bytes;
      return this;
    }

    public Builder allBodiesBytes(long bytes) {
      allBodiesBytes = bytes;
      return this;
    }

    public Builder headerTime(Duration time) {
      headerTime = time;
      return this;
    }

    public Builder stallTime(Duration time) {
      stallTime = time;
      return this;
    }

    public Builder idleTime(Duration time) {
      idleTime = time;
      return this;
    }

    public Builder connections(int count) {
      connections = count;
      return this;
    }

    public Builder pipelinedRequests(int count) {
      pipelinedRequests = count;
      return this;
    }

    public Builder workers(int count) {
      workers = count;
      return this;
    }

    public Builder waitingForWorker(int count) {
      waitingForWorker = count;
      return this;
    }

    public Builder streamBufferBytes(long bytes) {
      streamBufferBytes = bytes;
      return this;
    }

    public HttpLimits build() {
      return new HttpLimits(
          requestLineBytes,
          headerBytes,
          bodyBytes,
          allBodiesBytes,
          headerTime,
          stallTime,
          idleTime,
          connections,
          pipelinedRequests,
          workers,
          waitingForWorker,
          streamBufferBytes);
    }
  }
}
