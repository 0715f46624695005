package io.perigee.net;

import io.perigee.net.auth.Authenticator;
import io.perigee.net.link.LinkLimits;
import io.perigee.net.server.HttpLimits;
import io.perigee.net.server.HttpServer;
import io.perigee.net.server.Route;
import io.perigee.net.server.Router;
import io.perigee.net.tls.Tls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A server on any free port of the loopback, with its own event loops and counters. */
public final class TestServer implements AutoCloseable {
  public final Counters counters = new Counters();
  public final EventLoops loops = new EventLoops("test-server", 2);
  public final HttpServer server;

  public TestServer(HttpLimits limits, Route... routes) throws IOException {
    this(limits, LinkLimits.defaults(), null, routes);
  }

  public TestServer(HttpLimits limits, LinkLimits linkLimits, @Nullable Tls tls, Route... routes)
      throws IOException {
    server =
        new HttpServer(
            loops,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            limits,
            linkLimits,
            tls,
            counters);
    server.start(bound -> new Router("master", Authenticator.anonymous(), List.of(routes)));
  }

  public InetSocketAddress address() {
    return server.address();
  }

  public URI uri(String path) {
    return URI.create("http://127.0.0.1:" + address().getPort() + path);
  }

  public RawClient connect() throws IOException {
    return new RawClient(address());
  }

  /** Sends it on a connection of its own and returns all until the server closes that. */
  public String exchange(String request) throws IOException {
    try (RawClient client = connect()) {
      return client.send(request).readToEnd();
    }
  }

  @Override
  public void close() {
    server.close();
    loops.close();
  }
}
