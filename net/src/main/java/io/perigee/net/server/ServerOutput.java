package io.perigee.net.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.perigee.net.http.Headers;
import io.perigee.net.wire.HttpHead;
import java.util.Locale;
import java.util.function.Consumer;

/** The bytes a connection sends, and how many have not left yet. Event loop. */
final class ServerOutput {
  private final ServerParts parts;
  private final Channel channel;
  private final Runnable onProgress;
  private int unwritten;

  ServerOutput(ServerParts parts, Channel channel, Runnable onProgress) {
    this.parts = parts;
    this.channel = channel;
    this.onProgress = onProgress;
  }

  ByteBuf allocate(int capacity) {
    return channel.alloc().buffer(capacity);
  }

  /** False while enough waits in the socket's buffer. */
  boolean isWritable() {
    return channel.isWritable();
  }

  /** True if everything written has left. */
  boolean isEmpty() {
    return unwritten == 0;
  }

  void write(ByteBuf bytes) {
    write(bytes, isWritten -> {});
  }

  /** {@code done} hears whether the bytes reached the socket. */
  void write(ByteBuf bytes, Consumer<Boolean> done) {
    unwritten++;
    channel
        .write(bytes)
        .addListener(written -> {
          unwritten--;
          onProgress.run();
          done.accept(written.isSuccess());
        });
  }

  void flush() {
    channel.flush();
  }

  /**
   * Status line and the headers every answer has; those that are the server's to say are left out
   * of {@code headers}.
   */
  void startHead(Exchange exchange, int status, Headers headers, ByteBuf out) {
    startHead(status, out);
    for (Headers.Field field : headers) {
      switch (field.name().toLowerCase(Locale.ROOT)) {
        case "date", "connection", "content-length", "transfer-encoding" -> {}
        default -> HttpHead.field(field.name(), field.value(), out);
      }
    }
    if (exchange.closesConnection()) {
      HttpHead.field("Connection", "close", out);
    } else if (exchange.isHttp10()) {
      HttpHead.field("Connection", "keep-alive", out);
    }
  }

  void startHead(int status, ByteBuf out) {
    parts.counters().answered(status);
    HttpHead.statusLine(status, out);
    HttpHead.field("Date", parts.date().now(), out);
  }
}
