package io.perigee.master.server;

import io.perigee.net.Counters;
import io.perigee.net.EventLoops;
import io.perigee.net.auth.Authenticator;
import io.perigee.net.link.LinkLimits;
import io.perigee.net.server.HttpLimits;
import io.perigee.net.server.HttpServer;
import io.perigee.net.server.Route;
import io.perigee.net.server.Router;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;

/** Some routes of the master on a server of their own. */
final class Served implements AutoCloseable {
  final Counters counters = new Counters();
  final EventLoops loops = new EventLoops("test-master", 1);
  private final HttpServer server;

  Served(HttpLimits limits, List<Route> routes) throws Exception {
    server =
        new HttpServer(
            loops,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            limits,
            LinkLimits.defaults(),
            null,
            counters);
    server.start(bound -> new Router("master", Authenticator.anonymous(), routes));
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.address().getPort() + path);
  }

  InetSocketAddress address() {
    return server.address();
  }

  static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  @Override
  public void close() {
    server.close();
    loops.close();
  }
}
