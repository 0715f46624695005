package io.perigee.net.server;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.perigee.net.Counters;
import io.perigee.net.EventLoops;
import io.perigee.net.link.LinkCounters;
import io.perigee.net.link.LinkLimits;
import io.perigee.net.tls.Tls;
import io.perigee.net.wire.Closing;
import io.perigee.net.wire.ShutDown;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Serves a {@link Router}'s routes on one port. Created, started and stopped by its owner; each at
 * most once.
 */
public final class HttpServer implements AutoCloseable {
  /** Connections the kernel keeps until they are accepted: a cluster reconnects all at once. */
  private static final int BACKLOG = 4096;

  /** Answers wait in the handlers above the high mark, until the low one. */
  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(64 * 1024, 256 * 1024);

  private final EventLoops loops;
  private final InetSocketAddress bindAddress;
  private final @Nullable Tls tls;
  private final HttpLimits limits;
  private final LinkLimits linkLimits;
  private final Counters counters;
  private final ChannelGroup connections =
      new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE, true);
  private final AtomicInteger open = new AtomicInteger();
  private @Nullable Channel listening;
  private volatile @Nullable ServerParts parts;
  private volatile boolean isStopping;

  /**
   * @param bindAddress port 0 takes any free one
   * @param tls null for plain TCP; closed by its owner
   */
  public HttpServer(
      EventLoops loops,
      InetSocketAddress bindAddress,
      HttpLimits limits,
      LinkLimits linkLimits,
      @Nullable Tls tls,
      Counters counters) {
    this.loops = loops;
    this.bindAddress = bindAddress;
    this.tls = tls;
    this.limits = limits;
    this.linkLimits = linkLimits;
    this.counters = counters;
  }

  /**
   * Listens. The first connection is accepted when the routes are known.
   *
   * @param routes makes the routes for the address that was taken; called once, before this returns
   * @throws ListenException if the address or port cannot be had
   */
  public void start(Function<InetSocketAddress, Router> routes) throws ListenException {
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops.group())
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    accept(channel);
                  }
                })
            .bind(bindAddress)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new ListenException(bindAddress, bound.cause());
    }
    listening = bound.channel();
    parts = parts(routes.apply(address()));
    bound.channel().config().setAutoRead(true);
  }

  private ServerParts parts(Router router) {
    ServerCounters serverCounters = new ServerCounters(counters);
    return new ServerParts(
        router,
        limits,
        serverCounters,
        new Workers(limits.workers(), limits.waitingForWorker()),
        new BodyMemory(limits.allBodiesBytes(), serverCounters.bodyBytes),
        new DateHeader(),
        linkLimits,
        new LinkCounters(counters));
  }

  /** Where it listens, with the port that was taken. */
  public InetSocketAddress address() {
    if (listening == null) {
      throw new IllegalStateException("not started");
    }
    return (InetSocketAddress) listening.localAddress();
  }

  private void accept(Channel channel) {
    ServerParts shared = Objects.requireNonNull(parts); // Nothing is accepted before.
    ServerCounters counters = shared.counters();
    counters.connectionsTotal.increment();
    if (isStopping) {
      Closing.now(channel);
      return;
    }
    if (open.incrementAndGet() > shared.limits().connections()) {
      open.decrementAndGet();
      counters.connectionsRefused.increment();
      counters.struck(Limit.CONNECTIONS);
      Closing.now(channel);
      return;
    }
    counters.connectionsOpen.increment();
    connections.add(channel);
    channel
        .closeFuture()
        .addListener(closed -> {
          open.decrementAndGet();
          counters.connectionsOpen.decrement();
        });
    if (tls != null) {
      channel.pipeline().addLast(tls.serverHandler(channel.alloc(), shared.limits().headerTime()));
    }
    new ServerConnection(shared, channel).install();
  }

  /**
   * Stops listening, lets running requests be answered, ends streams and links with what they have
   * still to send, and closes all connections, those not done by the deadline too. Blocks until
   * then, and so must not be called on an event loop.
   */
  public void stop(Duration deadline) {
    if (listening == null) {
      return;
    }
    isStopping = true;
    listening.close().awaitUninterruptibly();
    connections.forEach(channel -> channel.pipeline().fireUserEventTriggered(new ShutDown()));
    connections.newCloseFuture().awaitUninterruptibly(deadline.toNanos(), TimeUnit.NANOSECONDS);
    connections.close().awaitUninterruptibly();
  }

  /** Stops at once. */
  @Override
  public void close() {
    stop(Duration.ZERO);
  }
}
