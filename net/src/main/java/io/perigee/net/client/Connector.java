package io.perigee.net.client;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.perigee.net.EventLoops;
import io.perigee.net.tls.Tls;
import io.perigee.net.wire.Closing;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Opens connections: looks the host up, tries its addresses in turn, shakes hands. Any thread. */
final class Connector {
  private final EventLoops loops;
  private final ClientParts parts;
  private final @Nullable Tls tls;
  private final ChannelGroup connections =
      new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE, true);

  Connector(EventLoops loops, ClientParts parts, @Nullable Tls tls) {
    this.loops = loops;
    this.parts = parts;
    this.tls = tls;
  }

  /** All that are open, links too. */
  ChannelGroup connections() {
    return connections;
  }

  /** Opens a connection and starts the call on it, or fails the call. */
  void connectFor(ClientCall call, ClientConnection.Owner owner) {
    Origin origin = Origin.of(call.request().uri());
    var _ =
        connect(origin, owner)
            .whenComplete((connection, failure) -> {
              if (connection != null) {
                connection.start(call);
              } else {
                call.fail(
                    HttpFailure.Kind.CONNECT_FAILED,
                    "cannot connect to %s:%d: %s"
                        .formatted(origin.host(), origin.port(), reason(failure)),
                    failure);
                owner.notConnected();
              }
            });
  }

  private static String reason(Throwable failure) {
    if (failure instanceof UnknownHostException) {
      return "the host is unknown";
    }
    // Some of Netty's have no message: ClosedChannelException.
    return failure.getMessage() == null ? failure.toString() : failure.getMessage();
  }

  private CompletableFuture<ClientConnection> connect(Origin origin, ClientConnection.Owner owner) {
    CompletableFuture<ClientConnection> result = new CompletableFuture<>();
    if (origin.isTls() && tls == null) {
      result.completeExceptionally(new IllegalStateException("this client has no TLS"));
      return result;
    }
    // The JDK's name service blocks, for seconds if it must.
    Thread.ofVirtual()
        .name("net-resolve")
        .start(() -> {
          try {
            tryAddress(origin, InetAddress.getAllByName(origin.host()), 0, owner, result);
          } catch (UnknownHostException | RuntimeException failed) {
            result.completeExceptionally(failed);
          }
        });
    return result;
  }

  private void tryAddress(
      Origin origin,
      InetAddress[] addresses,
      int index,
      ClientConnection.Owner owner,
      CompletableFuture<ClientConnection> result) {
    ChannelFuture connecting =
        new Bootstrap()
            .group(loops.group())
            .channel(NioSocketChannel.class)
            .option(
                ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) parts.limits().connectTime().toMillis())
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.SO_KEEPALIVE, true)
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    prepare(channel, origin, owner);
                  }
                })
            .connect(new InetSocketAddress(addresses[index], origin.port()));
    connecting.addListener(connected -> {
      if (connected.isSuccess()) {
        afterHandshake(connecting.channel(), result);
      } else if (index + 1 < addresses.length) {
        tryAddress(origin, addresses, index + 1, owner, result);
      } else {
        result.completeExceptionally(connected.cause());
      }
    });
  }

  private void prepare(Channel channel, Origin origin, ClientConnection.Owner owner) {
    if (origin.isTls() && tls != null) {
      channel
          .pipeline()
          .addLast(
              tls.clientHandler(
                  channel.alloc(), origin.host(), origin.port(), parts.limits().connectTime()));
    }
    channel.pipeline().addLast(new ClientConnection(channel, parts, owner));
  }

  private void afterHandshake(Channel channel, CompletableFuture<ClientConnection> result) {
    ClientCounters counters = parts.counters();
    counters.connectionsTotal.increment();
    counters.connectionsOpen.increment();
    connections.add(channel);
    channel.closeFuture().addListener(closed -> counters.connectionsOpen.decrement());
    SslHandler handler = channel.pipeline().get(SslHandler.class);
    if (handler == null) {
      handOver(channel, result);
      return;
    }
    handler
        .handshakeFuture()
        .addListener(shaken -> {
          if (shaken.isSuccess()) {
            handOver(channel, result);
          } else {
            Closing.now(channel);
            result.completeExceptionally(shaken.cause());
          }
        });
  }

  private static void handOver(Channel channel, CompletableFuture<ClientConnection> result) {
    ClientConnection connection = channel.pipeline().get(ClientConnection.class);
    connection.handOver();
    result.complete(connection);
  }
}
