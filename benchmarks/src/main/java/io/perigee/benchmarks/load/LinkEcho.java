package io.perigee.benchmarks.load;

import io.perigee.benchmarks.Broken;
import io.perigee.benchmarks.framework.Http;
import io.perigee.net.Counters;
import io.perigee.net.EventLoops;
import io.perigee.net.auth.Authenticator;
import io.perigee.net.http.Headers;
import io.perigee.net.link.FrameLink;
import io.perigee.net.link.LinkAcceptance;
import io.perigee.net.link.LinkClosed;
import io.perigee.net.link.LinkLimits;
import io.perigee.net.link.LinkListener;
import io.perigee.net.server.HttpLimits;
import io.perigee.net.server.HttpServer;
import io.perigee.net.server.ListenException;
import io.perigee.net.server.Route;
import io.perigee.net.server.Router;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The yardstick of a master: frames that come back over a link, and nothing else done with them.
 */
final class LinkEcho {
  /** About what an update of a task takes. */
  private static final int FRAME_BYTES = 200;

  private static final int MOST_UNDER_WAY = 10_000;
  private static final int PATIENCE_SECONDS = 30;

  private LinkEcho() {}

  /** Frames there and back in a second, over one link, both ends in this process. */
  static double rate(int frames) throws Broken, InterruptedException {
    EventLoops loops = new EventLoops("echo", 1);
    HttpServer server =
        new HttpServer(
            loops,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            HttpLimits.defaults(),
            LinkLimits.defaults(),
            null,
            new Counters());
    Route route =
        Route.upgrade("/echo", "echo/1", (head, who) -> new LinkAcceptance.Accepted(new Echo()));
    Counter counter = new Counter(frames);
    int[] port = new int[1];
    try (Http http = new Http()) {
      server.start(bound -> {
        port[0] = bound.getPort();
        return new Router("none", Authenticator.anonymous(), List.of(route));
      });
      URI uri = URI.create("http://127.0.0.1:" + port[0] + "/echo");
      FrameLink link =
          http.client()
              .openLink(uri, Headers.EMPTY, "echo/1", counter)
              .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      long start = System.nanoTime();
      for (int i = 0; i < frames; i++) {
        counter.underWay.acquire();
        link.send(new byte[FRAME_BYTES]);
      }
      if (!counter.left.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new Broken("not all frames came back");
      }
      return frames * 1e9 / (System.nanoTime() - start);
    } catch (ExecutionException | TimeoutException | ListenException e) {
      throw new Broken("no link: " + e);
    } finally {
      server.stop(Duration.ZERO);
      loops.close();
    }
  }

  private static final class Echo implements LinkListener {
    private @Nullable FrameLink link;

    @Override
    public void onOpened(FrameLink opened) {
      link = opened;
    }

    @Override
    public void onFrame(byte[] frame) {
      if (link != null) {
        link.send(frame);
      }
    }

    @Override
    public void onClosed(LinkClosed reason) {}
  }

  private static final class Counter implements LinkListener {
    private final CountDownLatch left;
    private final Semaphore underWay = new Semaphore(MOST_UNDER_WAY);

    private Counter(int frames) {
      this.left = new CountDownLatch(frames);
    }

    @Override
    public void onOpened(FrameLink link) {}

    @Override
    public void onFrame(byte[] frame) {
      left.countDown();
      underWay.release();
    }

    @Override
    public void onClosed(LinkClosed reason) {}
  }
}
