package io.perigee.net.wire;

import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;

/** Ends connections. */
public final class Closing {
  private Closing() {}

  /** Closes both directions at once; what waits to be written is lost. */
  public static void now(Channel channel) {
    var _ = channel.close(); // Who waits for the end has asked for closeFuture().
  }

  /**
   * Tells the other side that nothing more comes, while what it still sends is read. Closing both
   * directions with bytes unread would reset the connection, and the other side could lose what was
   * sent last.
   */
  public static void output(Channel channel) {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls != null) {
      var _ = tls.closeOutbound();
    } else if (channel instanceof DuplexChannel duplex) {
      var _ = duplex.shutdownOutput();
    }
  }
}
