package io.perigee.net;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The few threads that move bytes, shared by the servers, clients and links of one process. Closed
 * after all of these.
 *
 * <p>On the JDK's selectors: Netty's native epoll was no faster in StreamSendBenchmark and
 * LinkBenchmark (2 cores, loopback).
 */
public final class EventLoops implements AutoCloseable {
  private final EventLoopGroup group;

  /**
   * @param name of the threads
   * @param threads at least 1; one per processor is enough, since nothing on them blocks
   */
  public EventLoops(String name, int threads) {
    this.group =
        new MultiThreadIoEventLoopGroup(
            threads, new DefaultThreadFactory(name, true), NioIoHandler.newFactory());
  }

  /** For this module alone. */
  public EventLoopGroup group() {
    return group;
  }

  /** Stops the threads and waits for them, at most five seconds. */
  @Override
  public void close() {
    group.shutdownGracefully(0, 4, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
  }
}
