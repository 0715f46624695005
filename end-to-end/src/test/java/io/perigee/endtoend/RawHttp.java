package io.perigee.endtoend;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/**
 * One connection over which any bytes can be sent, and that understands answers. A client library
 * would not send what the tests want sent. Not safe for several threads.
 */
public final class RawHttp implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 20_000;

  private final Socket socket = new Socket();
  private final InputStream in;

  public RawHttp(InetSocketAddress address) throws IOException {
    this(address, 0);
  }

  /** With a receive buffer of so many bytes, or the usual one for 0. */
  public RawHttp(InetSocketAddress address, int receiveBufferBytes) throws IOException {
    if (receiveBufferBytes > 0) {
      socket.setReceiveBufferSize(receiveBufferBytes);
    }
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
    socket.connect(address);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /**
   * Status and headers of an answer.
   *
   * @param headers by lower case name
   */
  public record Head(int status, Map<String, String> headers) {
    public boolean isChunked() {
      return "chunked".equals(headers.get("transfer-encoding"));
    }
  }

  /** An answer, with its body as it is without its encoding. */
  public record Answer(Head head, String body) {
    public int status() {
      return head.status();
    }
  }

  /** Sends a head, whose lines may end with a line feed alone, and a body. */
  public RawHttp send(String head, byte[] body) throws IOException {
    socket
        .getOutputStream()
        .write(head.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().write(body);
    return this;
  }

  /** Sends characters as bytes, just as they are. */
  public RawHttp send(String latin1) throws IOException {
    socket.getOutputStream().write(latin1.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  public Head readHead() throws IOException {
    String[] status = readLine().split(" ", 3);
    Map<String, String> headers = new LinkedHashMap<>();
    for (String line = readLine(); !line.isEmpty(); line = readLine()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return new Head(Integer.parseInt(status[1]), headers);
  }

  /** Reads an answer with a Content-Length or in chunks. */
  public Answer readAnswer() throws IOException {
    Head head = readHead();
    return new Answer(head, readBody(head));
  }

  /** Reads a body that is text. */
  public String readBody(Head head) throws IOException {
    return new String(readBytes(head), StandardCharsets.UTF_8);
  }

  /** Reads the body that a head announces, and undoes its encoding. */
  public byte[] readBytes(Head head) throws IOException {
    byte[] body;
    if (head.isChunked()) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (byte[] chunk = readChunk(); chunk.length > 0; chunk = readChunk()) {
        all.write(chunk);
      }
      body = all.toByteArray();
    } else {
      int length = Integer.parseInt(head.headers().getOrDefault("content-length", "0"));
      body = in.readNBytes(length);
      if (body.length < length) {
        throw new EOFException("the answer ended after " + body.length + " of " + length);
      }
    }
    return "gzip".equals(head.headers().get("content-encoding"))
        ? new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes()
        : body;
  }

  /** One chunk of an answer; empty for the last. */
  public byte[] readChunk() throws IOException {
    int length = Integer.parseInt(readLine(), 16);
    byte[] chunk = in.readNBytes(length);
    if (chunk.length < length || !readLine().isEmpty()) {
      throw new EOFException("a chunk was cut off");
    }
    return chunk;
  }

  private String readLine() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the connection was closed after '" + line + "'");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
