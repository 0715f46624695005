package io.perigee.net.bench;

import io.perigee.net.Counters;
import io.perigee.net.EventLoops;
import io.perigee.net.TestServer;
import io.perigee.net.client.ClientLimits;
import io.perigee.net.client.HttpClient;
import io.perigee.net.http.Headers;
import io.perigee.net.link.FrameLink;
import io.perigee.net.link.LinkAcceptance;
import io.perigee.net.link.LinkClosed;
import io.perigee.net.link.LinkLimits;
import io.perigee.net.link.LinkListener;
import io.perigee.net.server.HttpLimits;
import io.perigee.net.server.Route;
import java.util.concurrent.atomic.AtomicLong;

/** Frames a second over one link on the loopback, both sides in this process. */
public final class LinkBenchmark {
  private static final long FRAMES = 5_000_000;

  private LinkBenchmark() {}

  /** Counts frames. */
  private static final class Count implements LinkListener {
    final AtomicLong frames = new AtomicLong();

    @Override
    public void onOpened(FrameLink link) {}

    @Override
    public void onFrame(byte[] frame) {
      frames.lazySet(frames.get() + 1);
    }

    @Override
    public void onClosed(LinkClosed reason) {}
  }

  public static void main(String[] arguments) throws Exception {
    Count far = new Count();
    EventLoops loops = new EventLoops("bench-client", 1);
    try (TestServer server =
            new TestServer(
                HttpLimits.defaults(),
                Route.upgrade(
                    "/link", "bench/1", (head, principal) -> new LinkAcceptance.Accepted(far)));
        HttpClient client =
            new HttpClient(
                loops, ClientLimits.defaults(), LinkLimits.defaults(), null, new Counters())) {
      FrameLink link =
          client.openLink(server.uri("/link"), Headers.EMPTY, "bench/1", new Count()).get();
      for (int round = 0; round < 3; round++) {
        for (int size : new int[] {16, 200, 2000}) {
          run(link, far, size, size > 1000 ? FRAMES / 10 : FRAMES);
        }
      }
    }
    loops.close();
  }

  private static void run(FrameLink link, Count far, int size, long frames) {
    byte[] frame = new byte[size];
    long before = far.frames.get();
    long start = System.nanoTime();
    for (long i = 0; i < frames; i++) {
      while (!link.isWritable()) {
        Thread.onSpinWait();
      }
      link.send(frame);
    }
    while (far.frames.get() < before + frames) {
      Thread.onSpinWait();
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf(
        "frames of %4d bytes: %,10.0f a second, %,6.0f MB/s%n",
        size, frames / seconds, frames * (size + 4) / seconds / 1e6);
  }
}
