package io.perigee.net.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.perigee.net.Encoder;
import io.perigee.net.wire.Closing;
import io.perigee.net.wire.Framing;
import io.perigee.net.wire.Outbox;
import io.perigee.net.wire.ShutDown;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A link on a Netty channel. For this module alone; others see {@link FrameLink}. */
public final class FrameChannel extends ByteToMessageDecoder implements FrameLink, Outbox.Owner {
  private static final Logger LOG = LoggerFactory.getLogger(FrameChannel.class);

  private static final int CLOSE_SECONDS = 5;
  private static final int LENGTH_BYTES = 4;

  private final Channel channel;
  private final InetSocketAddress remoteAddress;
  private final LinkLimits limits;
  private final LinkCounters counters;
  private final LinkListener listener;
  private final Outbox outbox;
  private final AtomicLong bytesIn = new AtomicLong();
  private final AtomicLong bytesOut = new AtomicLong();
  private volatile boolean isPaused;

  /** Set by {@link #close} at once, before the channel's thread comes to it. */
  private volatile @Nullable LinkClosed closing;

  private @Nullable LinkClosed reason;

  private FrameChannel(
      Channel channel, LinkLimits limits, LinkCounters counters, LinkListener listener) {
    this.channel = channel;
    this.remoteAddress = (InetSocketAddress) channel.remoteAddress();
    this.limits = limits;
    this.counters = counters;
    this.listener = listener;
    this.outbox = new Outbox(channel, Framing.LENGTH, limits.pendingBytes(), this);
  }

  /** Puts a link at the end of the channel's pipeline and opens it. */
  public static void install(
      Channel channel, LinkLimits limits, LinkCounters counters, LinkListener listener) {
    FrameChannel link = new FrameChannel(channel, limits, counters, listener);
    counters.open.increment();
    channel.pipeline().addLast(link);
    link.tell(() -> listener.onOpened(link));
  }

  // ---- Sending

  @Override
  public boolean send(byte[] frame) {
    return outbox.offer(frame);
  }

  @Override
  public boolean send(Encoder encoder, int estimate) {
    return outbox.offer(encoder, estimate);
  }

  @Override
  public boolean isWritable() {
    return outbox.isWritable();
  }

  @Override
  public void ready() {
    boolean isDrained;
    try {
      isDrained = outbox.drain();
    } catch (IOException | RuntimeException broken) {
      LOG.error("{}: an encoder failed, the link ends", remoteAddress, broken);
      end(LinkClosed.Kind.BROKEN, "an encoder failed: " + broken);
      return;
    }
    if (isDrained) {
      channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> Closing.output(channel));
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    ready();
  }

  @Override
  public void overflowed() {
    end(
        LinkClosed.Kind.OVERFLOW,
        "more than " + limits.pendingBytes() + " bytes waited to be sent");
  }

  @Override
  public void writable() {}

  @Override
  public void wrote(int messages, int bytes) {
    bytesOut.addAndGet(bytes);
    counters.framesOut.add(messages);
    counters.bytesOut.add(bytes);
  }

  // ---- Receiving

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    if (reason != null || closing != null) {
      in.skipBytes(in.readableBytes());
      return;
    }
    if (isPaused || in.readableBytes() < LENGTH_BYTES) {
      return;
    }
    int length = in.getInt(in.readerIndex());
    if (length < 0 || length > limits.frameBytes()) {
      end(
          LinkClosed.Kind.FRAME_TOO_LARGE,
          "a frame of " + length + " bytes (at most " + limits.frameBytes() + ")");
      return;
    }
    if (in.readableBytes() < LENGTH_BYTES + length) {
      return;
    }
    byte[] frame = new byte[length];
    in.skipBytes(LENGTH_BYTES);
    in.readBytes(frame);
    bytesIn.addAndGet(LENGTH_BYTES + length);
    counters.framesIn.increment();
    counters.bytesIn.add(LENGTH_BYTES + length);
    tell(() -> listener.onFrame(frame));
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    // Not Netty's, which reads on although reading is paused, because nothing was decoded.
    discardSomeReadBytes();
    context.fireChannelReadComplete();
  }

  @Override
  public void pauseReading() {
    isPaused = true;
    execute(this::applyPause);
  }

  @Override
  public void resumeReading() {
    isPaused = false;
    execute(this::applyPause);
  }

  private void applyPause() {
    channel.config().setAutoRead(!isPaused || reason != null);
    ChannelHandlerContext context = channel.pipeline().context(this);
    if (!isPaused && context != null) {
      try {
        channelRead(context, Unpooled.EMPTY_BUFFER); // Decodes what was left.
      } catch (Exception broken) {
        exceptionCaught(context, broken);
      }
    }
  }

  // ---- Ending

  @Override
  public void close(String detail) {
    LinkClosed because = new LinkClosed(LinkClosed.Kind.CLOSED_HERE, detail);
    closing =
        because; // First: the peer may answer the end of the output before the task below runs.
    outbox.end();
    execute(() -> closeSoon(because));
  }

  private void closeSoon(LinkClosed because) {
    if (reason == null) {
      reason = because;
      outbox.end();
      applyPause();
      var force =
          channel.eventLoop().schedule(() -> Closing.now(channel), CLOSE_SECONDS, TimeUnit.SECONDS);
      channel.closeFuture().addListener(closed -> force.cancel(false));
    }
  }

  private void end(LinkClosed.Kind kind, String detail) {
    if (reason == null) {
      reason = new LinkClosed(kind, detail);
    }
    Closing.now(channel);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ShutDown) {
      closeSoon(new LinkClosed(LinkClosed.Kind.SHUTDOWN, "this side stopped"));
    } else if (event instanceof SslCloseCompletionEvent) {
      Closing.now(channel); // The other side's end, as it is told in TLS.
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    super.channelInactive(context);
    LinkClosed here = closing;
    if (reason == null) {
      reason =
          here != null
              ? here
              : new LinkClosed(LinkClosed.Kind.CLOSED_BY_PEER, "the connection was closed");
    }
    outbox.discard();
    counters.closed(reason.kind());
    LinkClosed because = reason;
    tell(() -> listener.onClosed(because));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.debug("{}: link failed", remoteAddress, cause);
    end(LinkClosed.Kind.CLOSED_BY_PEER, String.valueOf(cause.getMessage()));
  }

  private void tell(Runnable event) {
    try {
      event.run();
    } catch (RuntimeException broken) {
      LOG.error("{}: the listener failed, the link ends", remoteAddress, broken);
      end(LinkClosed.Kind.BROKEN, "the listener failed: " + broken);
    }
  }

  private void execute(Runnable task) {
    try {
      channel.eventLoop().execute(task);
    } catch (RejectedExecutionException stopped) {
      LOG.debug("{}: used after the event loops were closed", remoteAddress, stopped);
    }
  }

  @Override
  public InetSocketAddress remoteAddress() {
    return remoteAddress;
  }

  @Override
  public long bytesIn() {
    return bytesIn.get();
  }

  @Override
  public long bytesOut() {
    return bytesOut.get();
  }
}
