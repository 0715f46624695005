package io.perigee.net.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Netty's decoder that stops when told to and knows which responses have no body. */
final class ResponseDecoder extends HttpResponseDecoder {
  private static final int LINE_BYTES = 8 * 1024;
  private static final int PIECE_BYTES = 64 * 1024;

  private final BooleanSupplier isPaused;
  private boolean answersHead;

  ResponseDecoder(ClientLimits limits, BooleanSupplier isPaused) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(LINE_BYTES)
            .setMaxHeaderSize(limits.headerBytes())
            .setMaxChunkSize(PIECE_BYTES));
    this.isPaused = isPaused;
  }

  /** Before each request: the response to HEAD has a length but no body. */
  void expect(String method) {
    answersHead = method.equals("HEAD");
  }

  /** Decodes what was left when {@code isPaused} became true. Not from within a read. */
  void resume(ChannelHandlerContext context) throws Exception {
    channelRead(context, Unpooled.EMPTY_BUFFER);
    channelReadComplete(context);
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out)
      throws Exception {
    if (!isPaused.getAsBoolean()) {
      super.decode(context, in, out);
    }
  }

  @Override
  protected boolean isContentAlwaysEmpty(HttpMessage message) {
    return answersHead || super.isContentAlwaysEmpty(message);
  }

  /** After 101 the connection removes this decoder; until then it only keeps the bytes. */
  @Override
  protected boolean isSwitchingToNonHttp1Protocol(HttpResponse response) {
    return false;
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
