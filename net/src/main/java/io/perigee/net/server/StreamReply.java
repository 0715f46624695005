package io.perigee.net.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.perigee.net.Encoder;
import io.perigee.net.http.Response;
import io.perigee.net.wire.Framing;
import io.perigee.net.wire.HttpHead;
import io.perigee.net.wire.Outbox;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A response whose body is sent piece by piece. {@link ResponseStream}'s methods: any thread. */
final class StreamReply implements Reply, ResponseStream, Outbox.Owner {
  private static final Logger LOG = LoggerFactory.getLogger(StreamReply.class);

  private final ServerConnection connection;
  private final ServerOutput output;
  private final Exchange exchange;
  private final Response head;
  private final StreamListener listener;
  private final Outbox outbox;
  private boolean begun;
  private boolean isShuttingDown;
  private boolean hasEnded;

  StreamReply(
      ServerConnection connection,
      Exchange exchange,
      Channel channel,
      Response head,
      StreamListener listener,
      long bufferBytes) {
    this.connection = connection;
    this.output = connection.output();
    this.exchange = exchange;
    this.head = head;
    this.listener = listener;
    this.outbox =
        new Outbox(channel, exchange.isHttp10() ? Framing.NONE : Framing.CHUNKS, bufferBytes, this);
  }

  @Override
  public boolean send(byte[] bytes) {
    return outbox.offer(bytes);
  }

  @Override
  public boolean send(byte[] bytes, int length, Runnable copied) {
    return outbox.offer(bytes, length, copied);
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
  public void close() {
    outbox.end();
  }

  @Override
  public boolean write() throws IOException {
    if (!begun) {
      begun = true;
      ByteBuf out = output.allocate(512);
      output.startHead(exchange, head.status(), head.headers(), out);
      if (!exchange.isHttp10()) {
        HttpHead.field("Transfer-Encoding", "chunked", out);
      }
      HttpHead.end(out);
      output.write(out);
      output.flush();
    }
    if (exchange.isHead()) {
      outbox.discard();
      end(StreamEnd.CLOSED_BY_SERVER);
      return true;
    }
    if (!drain()) {
      return false;
    }
    output.write(
        exchange.isHttp10()
            ? Unpooled.EMPTY_BUFFER
            : Unpooled.copiedBuffer("0\r\n\r\n", StandardCharsets.US_ASCII),
        isWritten -> end(isWritten ? closeReason() : StreamEnd.CLIENT_GONE));
    return true;
  }

  private boolean drain() throws IOException {
    try {
      return outbox.drain();
    } catch (IOException | RuntimeException broken) {
      LOG.error("{}: an encoder failed, the stream ends", exchange, broken);
      end(StreamEnd.ENCODER_FAILED);
      throw broken;
    }
  }

  private StreamEnd closeReason() {
    return isShuttingDown ? StreamEnd.SHUTDOWN : StreamEnd.CLOSED_BY_SERVER;
  }

  @Override
  public void shutDown() {
    isShuttingDown = true;
    outbox.end();
  }

  @Override
  public void lost() {
    end(isShuttingDown ? StreamEnd.SHUTDOWN : StreamEnd.CLIENT_GONE);
  }

  @Override
  public void ready() {
    connection.pump();
  }

  @Override
  public void overflowed() {
    end(StreamEnd.SLOW_READER);
    connection.abort();
  }

  @Override
  public void writable() {
    if (!hasEnded) {
      listener.onWritable();
    }
  }

  @Override
  public void wrote(int messages, int bytes) {
    connection.parts().counters().streamMessages.add(messages);
  }

  private void end(StreamEnd reason) {
    if (hasEnded) {
      return;
    }
    hasEnded = true;
    outbox.discard();
    connection.parts().counters().streamEnded(reason);
    try {
      listener.onEnd(reason);
    } catch (RuntimeException broken) {
      LOG.error("{}: the listener of its stream failed", exchange, broken);
    }
  }
}
