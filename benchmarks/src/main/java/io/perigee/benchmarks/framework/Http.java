package io.perigee.benchmarks.framework;

import io.perigee.net.Counters;
import io.perigee.net.EventLoops;
import io.perigee.net.client.ClientLimits;
import io.perigee.net.client.HttpClient;
import io.perigee.net.link.LinkLimits;

/** An HTTP client with event loops of its own. */
public final class Http implements AutoCloseable {
  /** Calls of a framework that wait for a connection: two acknowledgements a task in a burst. */
  private static final int MOST_WAITING = 1 << 20;

  private final EventLoops loops;
  private final HttpClient client;

  public Http() {
    ClientLimits limits = ClientLimits.defaults();
    this.loops = new EventLoops("bench", Runtime.getRuntime().availableProcessors());
    this.client =
        new HttpClient(
            loops,
            new ClientLimits(
                limits.connectTime(),
                limits.requestTime(),
                limits.idleTime(),
                limits.streamIdleTime(),
                limits.connectionsPerHost(),
                MOST_WAITING,
                limits.responseBytes(),
                limits.headerBytes()),
            LinkLimits.defaults(),
            null,
            new Counters());
  }

  public HttpClient client() {
    return client;
  }

  @Override
  public void close() {
    client.close();
    loops.close();
  }
}
