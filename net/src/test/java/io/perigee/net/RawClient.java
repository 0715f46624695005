package io.perigee.net;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** A socket that sends any bytes and shows the answer as it came, apart from the Date header. */
public final class RawClient implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 20_000;

  private final Socket socket;
  private final InputStream in;

  public RawClient(InetSocketAddress address) throws IOException {
    this(connect(address, 0));
  }

  /** With a receive buffer of that size, so that the server soon notices who does not read. */
  public RawClient(InetSocketAddress address, int receiveBufferBytes) throws IOException {
    this(connect(address, receiveBufferBytes));
  }

  public RawClient(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream());
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
  }

  private static Socket connect(InetSocketAddress address, int receiveBufferBytes)
      throws IOException {
    Socket socket = new Socket();
    if (receiveBufferBytes > 0) {
      socket.setReceiveBufferSize(receiveBufferBytes);
    }
    socket.connect(address);
    return socket;
  }

  public Socket socket() {
    return socket;
  }

  /** Sends the characters as bytes. */
  public RawClient send(String latin1) throws IOException {
    return send(latin1.getBytes(StandardCharsets.ISO_8859_1));
  }

  public RawClient send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  /** All until the server closes; a reset counts as an end. */
  public String readToEnd() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try {
      in.transferTo(all);
    } catch (SocketException reset) {
      // What came before it is what counts.
    }
    return withoutDate(all.toString(StandardCharsets.ISO_8859_1));
  }

  /** One answer with a Content-Length, or the head alone of one without. */
  public String readResponse() throws IOException {
    String head = readUntil("\r\n\r\n");
    int at = head.toLowerCase(java.util.Locale.ROOT).indexOf("content-length: ");
    if (at < 0) {
      return withoutDate(head);
    }
    int length = Integer.parseInt(head.substring(at + 16, head.indexOf('\r', at)));
    return withoutDate(head) + read(length);
  }

  /** Exactly so many bytes. */
  public String read(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** All up to and with the text. */
  public String readUntil(String end) throws IOException {
    StringBuilder all = new StringBuilder();
    while (all.length() < end.length() || !all.substring(all.length() - end.length()).equals(end)) {
      int c = in.read();
      if (c < 0) {
        throw new IOException("the server closed after '" + all + "'");
      }
      all.append((char) c);
    }
    return all.toString();
  }

  /** A text block with the line ends of HTTP. */
  public static String crlf(String text) {
    return text.replace("\n", "\r\n");
  }

  private static String withoutDate(String text) {
    return text.replaceAll(
        "Date: (Mon|Tue|Wed|Thu|Fri|Sat|Sun), \\d\\d [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT\r\n",
        "Date: now\r\n");
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
