package io.perigee.net.client;

import io.perigee.net.wire.Positive;
import java.time.Duration;

/**
 * What a client waits for and keeps.
 *
 * @param connectTime for one address of a host to accept a connection, and for the TLS handshake
 * @param requestTime from the call to the end of a whole response, or to the head of a streamed one
 * @param idleTime after which an unused connection is closed
 * @param streamIdleTime a streamed response may be silent
 * @param connectionsPerHost at once; links are not counted
 * @param waitingPerHost calls that wait for a connection; one more fails
 * @param responseBytes of a whole response's body
 * @param headerBytes of a response's headers together
 */
public record ClientLimits(
    Duration connectTime,
    Duration requestTime,
    Duration idleTime,
    Duration streamIdleTime,
    int connectionsPerHost,
    int waitingPerHost,
    int responseBytes,
    int headerBytes) {

  public ClientLimits {
    Positive.check("connectTime", connectTime);
    Positive.check("requestTime", requestTime);
    Positive.check("idleTime", idleTime);
    Positive.check("streamIdleTime", streamIdleTime);
    Positive.check("connectionsPerHost", connectionsPerHost);
    Positive.check("waitingPerHost", waitingPerHost);
    Positive.check("responseBytes", responseBytes);
    Positive.check("headerBytes", headerBytes);
  }

  /**
   * Streams may be silent a little longer than executors' heartbeats are apart (30 minutes in
   * Mesos). A whole response of 256 MiB is the state of 200,000 tasks, reckoned at 1 KiB each.
   */
  public static ClientLimits defaults() {
    return new ClientLimits(
        Duration.ofSeconds(5),
        Duration.ofSeconds(30),
        Duration.ofSeconds(60),
        Duration.ofMinutes(35),
        64,
        1024,
        256 << 20,
        64 * 1024);
  }
}
