package io.perigee.benchmarks.idle;

import io.perigee.net.Counters;
import io.perigee.net.EventLoops;
import io.perigee.net.auth.Authenticator;
import io.perigee.net.link.LinkLimits;
import io.perigee.net.server.HttpLimits;
import io.perigee.net.server.HttpServer;
import io.perigee.net.server.ListenException;
import io.perigee.net.server.Router;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/** The yardstick of daemons: an HTTP server without a route. Ends when its input does. */
public final class EmptyServerMain {
  private EmptyServerMain() {}

  public static void main(String[] args) throws IOException, ListenException {
    EventLoops loops = new EventLoops("net", Runtime.getRuntime().availableProcessors());
    HttpServer server =
        new HttpServer(
            loops,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            HttpLimits.defaults(),
            LinkLimits.defaults(),
            null,
            new Counters());
    server.start(bound -> {
      System.out.println(bound);
      return new Router("none", Authenticator.anonymous(), List.of());
    });
    while (System.in.read() >= 0) {
      // Whatever was said, it goes on.
    }
    server.stop(Duration.ZERO);
    loops.close();
  }
}
