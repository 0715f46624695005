package io.perigee.net.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Netty's decoder that stops between two requests when the connection has enough to do: what was
 * read stays as bytes, since one read can hold thousands of pipelined requests.
 */
final class RequestDecoder extends HttpRequestDecoder {
  private static final int PIECE_BYTES = 64 * 1024;

  private final BooleanSupplier isPaused;
  private boolean lineRead;
  private boolean inBody;
  private boolean hasStopped;

  RequestDecoder(HttpLimits limits, BooleanSupplier isPaused) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(limits.requestLineBytes())
            .setMaxHeaderSize(limits.headerBytes())
            .setMaxChunkSize(PIECE_BYTES));
    this.isPaused = isPaused;
  }

  /** True while a request's head has begun and is not complete. */
  boolean isInHead() {
    return lineRead || (!inBody && actualReadableBytes() > 0);
  }

  /** Tells that the body of the current request has been received. */
  void bodyEnded() {
    inBody = false;
  }

  /** True once if bytes were left undecoded since it was asked last: {@link #resume} is due. */
  boolean takeStopped() {
    boolean stopped = hasStopped;
    hasStopped = false;
    return stopped;
  }

  /** Decodes what was left because of {@code isPaused}. Not from within a read. */
  void resume(ChannelHandlerContext context) throws Exception {
    channelRead(context, Unpooled.EMPTY_BUFFER);
    channelReadComplete(context);
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out)
      throws Exception {
    if (isPaused.getAsBoolean()) {
      hasStopped = true;
      return;
    }
    super.decode(context, in, out);
    if (!out.isEmpty() && out.getFirst() instanceof HttpRequest) {
      lineRead = false;
      inBody = true;
    }
  }

  @Override
  protected HttpMessage createMessage(String[] initialLine) throws Exception {
    lineRead = true;
    return super.createMessage(initialLine);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) throws Exception {
    if (isPaused.getAsBoolean()) {
      // Netty's would read more, because nothing was decoded.
      context.fireChannelReadComplete();
    } else {
      super.channelReadComplete(context);
    }
  }
}
