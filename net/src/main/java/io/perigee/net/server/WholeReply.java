package io.perigee.net.server;

import io.netty.buffer.ByteBuf;
import io.perigee.net.http.Headers;
import io.perigee.net.http.Response;
import io.perigee.net.wire.HttpHead;
import java.nio.charset.StandardCharsets;

/**
 * A response that is written in slices, so that a large body never waits in the socket's buffer.
 */
final class WholeReply implements Reply {
  private static final int SLICE_BYTES = 64 * 1024;

  private final ServerOutput output;
  private final Exchange exchange;
  private final int status;
  private final Headers headers;
  private final byte[] body;
  private boolean begun;
  private int offset;

  WholeReply(ServerOutput output, Exchange exchange, Response response) {
    this.output = output;
    this.exchange = exchange;
    this.status = response.status();
    if (response.body().length == 0
        && status >= 400
        && response.headers().get("Content-Type") == null) {
      this.headers = response.headers().with("Content-Type", Response.TEXT);
      this.body =
          (status + " " + HttpHead.reason(status) + ".").getBytes(StandardCharsets.ISO_8859_1);
    } else {
      this.headers = response.headers();
      this.body = response.body();
    }
  }

  @Override
  public boolean write() {
    if (!begun) {
      begun = true;
      ByteBuf out = output.allocate(256 + Math.min(body.length, SLICE_BYTES));
      output.startHead(exchange, status, headers, out);
      boolean hasBody = status != 204 && status != 304;
      if (hasBody) {
        HttpHead.field("Content-Length", Integer.toString(body.length), out);
      }
      HttpHead.end(out);
      if (!hasBody || exchange.isHead()) {
        offset = body.length;
      }
      writeSlice(out);
    }
    while (offset < body.length && output.isWritable()) {
      writeSlice(output.allocate(Math.min(body.length - offset, SLICE_BYTES)));
    }
    return offset == body.length;
  }

  private void writeSlice(ByteBuf out) {
    int length = Math.min(body.length - offset, SLICE_BYTES);
    out.writeBytes(body, offset, length);
    offset += length;
    output.write(out);
  }

  @Override
  public void lost() {}

  @Override
  public void shutDown() {}
}
