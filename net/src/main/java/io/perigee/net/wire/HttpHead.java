package io.perigee.net.wire;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.perigee.net.http.Headers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Start lines and headers to and from bytes. */
public final class HttpHead {
  private HttpHead() {}

  /** {@code HTTP/1.1 200 OK} and its line end. */
  public static void statusLine(int status, ByteBuf out) {
    line("HTTP/1.1 " + status + " " + reason(status), out);
  }

  /** {@code GET /path HTTP/1.1} and its line end. */
  public static void requestLine(String method, String target, ByteBuf out) {
    line(method + " " + target + " HTTP/1.1", out);
  }

  public static void fields(Headers headers, ByteBuf out) {
    for (Headers.Field field : headers) {
      field(field.name(), field.value(), out);
    }
  }

  public static void field(String name, String value, ByteBuf out) {
    line(name + ": " + value, out);
  }

  /** The empty line after the last field. */
  public static void end(ByteBuf out) {
    line("", out);
  }

  /** {@code Not Found} for 404. */
  public static String reason(int status) {
    return HttpResponseStatus.valueOf(status).reasonPhrase();
  }

  /**
   * What the decoder read.
   *
   * @throws IllegalArgumentException if a field is malformed in a way the decoder let through
   */
  public static Headers read(HttpHeaders headers) {
    List<Headers.Field> fields = new ArrayList<>(headers.size());
    for (Map.Entry<String, String> entry : headers) {
      fields.add(new Headers.Field(entry.getKey(), entry.getValue()));
    }
    return new Headers(fields);
  }

  private static void line(String text, ByteBuf out) {
    out.writeCharSequence(text, StandardCharsets.ISO_8859_1);
    out.writeShort('\r' << 8 | '\n');
  }
}
