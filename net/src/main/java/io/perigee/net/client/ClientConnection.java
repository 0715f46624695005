package io.perigee.net.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.perigee.net.http.Headers;
import io.perigee.net.link.FrameChannel;
import io.perigee.net.link.LinkListener;
import io.perigee.net.wire.Alarm;
import io.perigee.net.wire.Closing;
import io.perigee.net.wire.HttpHead;
import io.perigee.net.wire.ShutDown;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection of a client, with one call at a time. All of it runs on the event loop. */
final class ClientConnection extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);
  private static final int SLICE_BYTES = 64 * 1024;

  /** Who gave the connection its calls. Told on the event loop. */
  interface Owner {
    /** It is ready for another call. */
    void idle(ClientConnection connection);

    /** It is gone. */
    void closed(ClientConnection connection);

    /** The call was not sent because the connection is gone. */
    void notSent(ClientCall call);

    /** There never was a connection; its call has failed. Any thread. */
    void notConnected();
  }

  private final Channel channel;
  private final ClientParts parts;
  private final Owner owner;
  private final ResponseDecoder decoder;
  private final Alarm alarm;
  private @Nullable ClientCall current;
  private byte[] unsent = {};
  private int unsentOffset;
  private boolean isSkipping;
  private boolean isReusable;
  private boolean isBecomingLink;
  private boolean isOwned;

  ClientConnection(Channel channel, ClientParts parts, Owner owner) {
    this.channel = channel;
    this.parts = parts;
    this.owner = owner;
    this.decoder = new ResponseDecoder(parts.limits(), this::mustPause);
    this.alarm = new Alarm(channel.eventLoop(), this::due);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    context.pipeline().addBefore(context.name(), "decoder", decoder);
  }

  /** The connection is up; from now on its owner hears what becomes of it. */
  void handOver() {
    isOwned = true;
  }

  // ---- Requests

  /** Any thread: sends the call's request. The connection must be new or idle. */
  void start(ClientCall call) {
    channel.eventLoop().execute(() -> send(call));
  }

  private void send(ClientCall call) {
    if (!channel.isActive()) {
      owner.notSent(call);
      return;
    }
    if (!call.attach(this)) {
      becomeIdle();
      return;
    }
    current = call;
    isReusable = true;
    alarm.set(Alarm.NEVER);
    ClientRequest request = call.request();
    decoder.expect(request.method());
    ByteBuf out = channel.alloc().buffer(512);
    HttpHead.requestLine(request.method(), request.target(), out);
    HttpHead.field("Host", request.authority(), out);
    for (Headers.Field field : request.headers()) {
      switch (field.name().toLowerCase(Locale.ROOT)) {
        case "host", "connection", "content-length", "transfer-encoding" -> {} // Ours to say.
        default -> HttpHead.field(field.name(), field.value(), out);
      }
    }
    if (call.link() != null) {
      HttpHead.field("Connection", "Upgrade", out);
    }
    if (request.body().length > 0 || request.method().startsWith("P")) {
      HttpHead.field("Content-Length", Integer.toString(request.body().length), out);
    }
    HttpHead.end(out);
    unsent = request.body();
    unsentOffset = 0;
    writeSlice(out);
    writeOn();
  }

  private void writeOn() {
    while (unsentOffset < unsent.length && channel.isWritable()) {
      writeSlice(channel.alloc().buffer(Math.min(unsent.length - unsentOffset, SLICE_BYTES)));
    }
    channel.flush();
  }

  private void writeSlice(ByteBuf out) {
    int length = Math.min(unsent.length - unsentOffset, SLICE_BYTES);
    out.writeBytes(unsent, unsentOffset, length);
    unsentOffset += length;
    channel.write(out).addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    writeOn();
  }

  // ---- Responses

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    try {
      ClientCall call = current;
      if (call == null) {
        Closing.now(channel); // Nobody asked.
        return;
      }
      try {
        if (message instanceof HttpResponse response) {
          head(call, response);
        }
        if (message instanceof HttpContent content && current == call) {
          content(call, content);
        }
      } catch (RuntimeException broken) {
        LOG.error("{}: its listener failed", call.request(), broken);
        fail(call, HttpFailure.Kind.CANCELLED, "the listener failed", broken);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void head(ClientCall call, HttpResponse response) {
    if (response.decoderResult().isFailure()) {
      malformed(call, response.decoderResult().cause());
      return;
    }
    int status = response.status().code();
    LinkListener link = call.link();
    if (status == 101 && link != null) {
      isBecomingLink = true;
      channel.eventLoop().execute(() -> becomeLink(call, link));
    } else if (status == 101 || status < 100 || status > 999) {
      fail(call, HttpFailure.Kind.MALFORMED, "unexpected status " + status, null);
    } else if (status < 200) {
      isSkipping = true;
    } else {
      isReusable = HttpUtil.isKeepAlive(response);
      call.head(status, HttpHead.read(response.headers()));
      watchSilence();
    }
  }

  private void content(ClientCall call, HttpContent content) {
    if (content.decoderResult().isFailure()) {
      malformed(call, content.decoderResult().cause());
      return;
    }
    boolean isLast = content instanceof LastHttpContent;
    if (isSkipping || isBecomingLink) {
      isSkipping = isSkipping && !isLast;
      return;
    }
    if (content.content().isReadable()) {
      call.body(ByteBufUtil.getBytes(content.content()));
      watchSilence();
    }
    if (isLast && current == call) {
      current = null;
      if (isReusable && unsentOffset == unsent.length) {
        becomeIdle();
      } else {
        Closing.now(channel);
      }
      call.ended();
    }
  }

  private void malformed(ClientCall call, Throwable cause) {
    HttpFailure.Kind kind =
        switch (cause) {
          case TooLongFrameException tooLong -> HttpFailure.Kind.TOO_LARGE;
          case PrematureChannelClosureException early -> HttpFailure.Kind.CLOSED_EARLY;
          default -> HttpFailure.Kind.MALFORMED;
        };
    fail(call, kind, "the response cannot be read: " + cause.getMessage(), cause);
  }

  private void becomeIdle() {
    alarm.set(System.nanoTime() + parts.limits().idleTime().toNanos());
    owner.idle(this);
  }

  private void becomeLink(ClientCall call, LinkListener link) {
    if (current != call) {
      return;
    }
    current = null;
    alarm.stop();
    call.becameLink();
    FrameChannel.install(channel, parts.linkLimits(), parts.linkCounters(), link);
    channel.pipeline().remove(this);
    // The decoder hands on what was read behind the response.
    channel.pipeline().remove(decoder);
    channel.config().setAutoRead(true);
  }

  // ---- Pausing

  private boolean mustPause() {
    return isBecomingLink || (current != null && current.isPaused());
  }

  /** Any thread. */
  void pauseChanged() {
    channel.eventLoop().execute(this::applyPause);
  }

  private void applyPause() {
    boolean isPaused = mustPause();
    channel.config().setAutoRead(!isPaused);
    ChannelHandlerContext context = channel.pipeline().context(decoder);
    if (context == null || isPaused) {
      return;
    }
    watchSilence();
    try {
      decoder.resume(context);
    } catch (Exception broken) {
      exceptionCaught(context, broken);
    }
  }

  // ---- Ending

  /** Any thread: ends the call unless it is over. */
  void fail(ClientCall call, HttpFailure.Kind kind, String what, @Nullable Throwable cause) {
    if (!channel.eventLoop().inEventLoop()) {
      channel.eventLoop().execute(() -> fail(call, kind, what, cause));
    } else if (current == call) {
      current = null;
      Closing.now(channel);
      call.tellFailure(kind, what, cause);
    }
  }

  private void failCurrent(HttpFailure.Kind kind, String what, @Nullable Throwable cause) {
    if (current != null) {
      fail(current, kind, what, cause);
    }
    Closing.now(channel);
  }

  void close() {
    Closing.now(channel);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    alarm.stop();
    failCurrent(
        HttpFailure.Kind.CLOSED_EARLY, "the connection ended before the response did", null);
    if (isOwned) {
      owner.closed(this);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ShutDown) {
      failCurrent(HttpFailure.Kind.CANCELLED, "the client was closed", null);
    } else if (event instanceof SslCloseCompletionEvent) {
      Closing.now(channel); // The server's end, as it is told in TLS.
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.debug("{}: connection failed", channel.remoteAddress(), cause);
    failCurrent(HttpFailure.Kind.CLOSED_EARLY, "the connection failed: " + cause, cause);
  }

  /** A stream may be silent for so long; a whole response has its request's time. */
  private void watchSilence() {
    if (current != null && !current.isWhole()) {
      alarm.set(System.nanoTime() + parts.limits().streamIdleTime().toNanos());
    }
  }

  private void due() {
    if (current == null) {
      Closing.now(channel);
    } else if (!current.isPaused()) {
      failCurrent(
          HttpFailure.Kind.TIMED_OUT, "nothing came for " + parts.limits().streamIdleTime(), null);
    }
  }
}
