package io.perigee.net.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.perigee.net.http.Response;
import io.perigee.net.link.FrameChannel;
import io.perigee.net.link.LinkListener;
import io.perigee.net.wire.Closing;
import io.perigee.net.wire.HttpHead;
import io.perigee.net.wire.ShutDown;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: keeps its exchanges in the order of their requests and writes their answers in
 * that order. All of it runs on the event loop, except {@link #answered}.
 */
final class ServerConnection extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(ServerConnection.class);

  private final ServerParts parts;
  private final Channel channel;
  private final RequestDecoder decoder;
  private final Dispatcher dispatcher;
  private final ServerOutput output;
  private final Deadlines deadlines;
  private final ArrayDeque<Exchange> exchanges = new ArrayDeque<>();

  /** Whose body is on its way. */
  private @Nullable Exchange receiving;

  private boolean isReading;
  private boolean isPaused;
  private boolean isPumping;
  private boolean isShuttingDown;

  /** No further request is answered: what comes is thrown away. */
  private boolean hasLastRequest;

  /** The end of the last answer is on its way. */
  private boolean isClosing;

  /** All is written, only the client's end is awaited. */
  private boolean isLingering;

  /** Closed, or a link. */
  private boolean isGone;

  ServerConnection(ServerParts parts, Channel channel) {
    this.parts = parts;
    this.channel = channel;
    this.decoder = new RequestDecoder(parts.limits(), this::mustPause);
    this.dispatcher = new Dispatcher(this, channel);
    this.deadlines = new Deadlines(parts, channel.eventLoop(), this::abort);
    this.output = new ServerOutput(parts, channel, deadlines::progress);
  }

  /** Puts the connection's handlers at the end of its pipeline. */
  void install() {
    channel.pipeline().addLast(decoder, this);
    deadlines.waitFor(waiting());
  }

  ServerParts parts() {
    return parts;
  }

  Channel channel() {
    return channel;
  }

  ServerOutput output() {
    return output;
  }

  // ---- Reading

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    isReading = true;
    try {
      if (message instanceof HttpRequest request && !hasLastRequest) {
        head(request);
      }
      if (message instanceof HttpContent content && receiving != null) {
        content(receiving, content);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void head(HttpRequest request) {
    deadlines.progress();
    if (!channel.isActive()) {
      return; // The client left in the middle of a head.
    }
    if (request.decoderResult().isFailure()) {
      Exchange exchange = new Exchange(this, null, false, true);
      exchanges.add(exchange);
      refuse(exchange, dispatcher.malformed(request.decoderResult().cause()));
      return;
    }
    Exchange exchange = dispatcher.begin(request);
    exchanges.add(exchange);
    receiving = exchange;
    dispatcher.check(exchange, request);
  }

  private void content(Exchange exchange, HttpContent content) {
    deadlines.progress();
    if (content.decoderResult().isFailure()) {
      refuse(exchange, dispatcher.malformed());
      return;
    }
    Limit struck = exchange.isAnswered() ? null : exchange.body().add(content.content());
    if (struck != null) {
      refuse(exchange, dispatcher.struck(struck));
    } else if (content instanceof LastHttpContent) {
      receiving = null;
      decoder.bodyEnded();
      hasLastRequest = exchange.closesConnection();
      exchange.bodyEnded();
      dispatcher.proceed(exchange);
    }
  }

  /** Answers and reads nothing more: where the next request begins is not known. */
  void refuse(Exchange exchange, Response response) {
    exchange.closeAfterwards();
    exchange.body().release();
    receiving = null;
    hasLastRequest = true;
    if (!exchange.isAnswered()) {
      exchange.respond(response);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    isReading = false;
    pump();
  }

  /** Asked by the decoder before each message. */
  private boolean mustPause() {
    if (hasLastRequest) {
      return false; // So that the client's end is noticed.
    }
    return dispatcher.isBusy()
        || (receiving == null && (isShuttingDown || isFull() || !channel.isWritable()));
  }

  private boolean isFull() {
    return exchanges.size() >= parts.limits().pipelinedRequests();
  }

  private void updateReading() {
    boolean pause = mustPause();
    if (pause != isPaused) {
      isPaused = pause;
      channel.config().setAutoRead(!pause);
      if (pause && isFull()) {
        parts.counters().struck(Limit.PIPELINED_REQUESTS);
      }
    }
    // The decoder may have stopped although the connection never paused: the cause was short.
    if (!pause && decoder.takeStopped()) {
      channel.eventLoop().execute(this::resume);
    }
  }

  private void resume() {
    ChannelHandlerContext context = channel.pipeline().context(decoder);
    if (context == null || isGone) {
      return;
    }
    try {
      decoder.resume(context);
    } catch (Exception broken) {
      exceptionCaught(context, broken);
    }
  }

  // ---- Answering

  /** Any thread: the exchange has its reply now. */
  void answered(Exchange exchange, Reply reply) {
    if (channel.eventLoop().inEventLoop()) {
      take(exchange, reply);
      return;
    }
    try {
      channel.eventLoop().execute(() -> take(exchange, reply));
    } catch (RejectedExecutionException stopped) {
      LOG.debug("{}: answered after the event loops were closed", exchange, stopped);
    }
  }

  private void take(Exchange exchange, Reply reply) {
    exchange.take(reply);
    if (isGone) {
      exchange.lost();
      return;
    }
    if (isShuttingDown) {
      reply.shutDown();
    }
    if (!isReading) {
      pump();
    }
  }

  /** Writes what can be written, in order, and goes on reading if that made room. */
  void pump() {
    if (isPumping || isGone) {
      return;
    }
    isPumping = true;
    try {
      while (channel.isWritable() && writeFirst()) {
        deadlines.progress();
      }
    } catch (IOException | RuntimeException broken) {
      LOG.debug("{}: cannot answer, closing", channel.remoteAddress(), broken);
      abort();
    } finally {
      isPumping = false;
    }
    if (exchanges.isEmpty() && hasLastRequest && !isClosing) {
      isClosing = true;
      output.write(Unpooled.EMPTY_BUFFER, isWritten -> linger());
    } else if (exchanges.isEmpty() && receiving == null && isShuttingDown && !isClosing) {
      abort();
    }
    output.flush();
    if (!isGone) {
      updateReading();
      deadlines.waitFor(waiting());
    }
  }

  /** True if the first exchange is done and the next may follow. */
  private boolean writeFirst() throws IOException {
    Exchange first = exchanges.peekFirst();
    if (first == null) {
      return false;
    }
    if (isShuttingDown && exchanges.size() == 1) {
      first.closeAfterwards();
    }
    Reply reply = first.reply();
    if (reply == null) {
      if (!dispatcher.isBusy() && first.takeContinue()) {
        output.write(
            Unpooled.copiedBuffer("HTTP/1.1 100 Continue\r\n\r\n", StandardCharsets.US_ASCII));
      }
      return false;
    }
    if (!reply.write()) {
      return false;
    }
    exchanges.removeFirst();
    first.body().release();
    if (first.closesConnection()) {
      hasLastRequest = true;
      receiving = null;
    }
    return true;
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    pump();
  }

  /** Turns the connection into a link, when no handler is at work. */
  void upgrade(String protocol, LinkListener listener) {
    channel.eventLoop().execute(() -> becomeLink(protocol, listener));
  }

  private void becomeLink(String protocol, LinkListener listener) {
    if (isGone) {
      return;
    }
    ByteBuf out = output.allocate(256);
    output.startHead(101, out);
    HttpHead.field("Connection", "Upgrade", out);
    HttpHead.field("Upgrade", protocol, out);
    HttpHead.end(out);
    output.write(out);
    output.flush();
    leave();
    FrameChannel.install(channel, parts.linkLimits(), parts.linkCounters(), listener);
    channel.pipeline().remove(this);
    // The decoder hands on what was read behind the request.
    channel.pipeline().remove(decoder);
    channel.config().setAutoRead(true);
  }

  // ---- Ending

  /** Waits for nothing: the client loses what is not written yet. */
  void abort() {
    Closing.now(channel);
  }

  private void linger() {
    if (isGone) {
      return;
    }
    isLingering = true;
    Closing.output(channel);
    deadlines.waitFor(waiting());
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    leave();
  }

  private void leave() {
    isGone = true;
    deadlines.stop();
    receiving = null;
    exchanges.forEach(Exchange::lost);
    exchanges.clear();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ShutDown) {
      isShuttingDown = true;
      for (Exchange exchange : exchanges) {
        Reply reply = exchange.reply();
        if (reply != null) {
          reply.shutDown();
        }
      }
      pump();
    } else if (event instanceof SslHandshakeCompletionEvent handshake && !handshake.isSuccess()) {
      parts.counters().tlsHandshakeFailures.increment();
    } else if (event instanceof SslCloseCompletionEvent) {
      abort(); // The client's end, as it is told in TLS.
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.debug("{}: connection failed", channel.remoteAddress(), cause);
    abort();
  }

  private Deadlines.Waiting waiting() {
    if (isLingering) {
      return Deadlines.Waiting.FOR_CLOSE;
    }
    Exchange first = exchanges.peekFirst();
    if (!output.isEmpty() && (first == null || !(first.reply() instanceof StreamReply))) {
      // An open stream is bounded by its buffer instead.
      return Deadlines.Waiting.FOR_ANSWER_TO_BE_READ;
    }
    if (receiving != null && !isPaused) {
      return Deadlines.Waiting.FOR_REST_OF_BODY;
    }
    if (!isPaused && !hasLastRequest && decoder.isInHead()) {
      return Deadlines.Waiting.FOR_REST_OF_HEAD;
    }
    return exchanges.isEmpty() && !hasLastRequest
        ? Deadlines.Waiting.FOR_REQUEST
        : Deadlines.Waiting.FOR_NOTHING;
  }
}
