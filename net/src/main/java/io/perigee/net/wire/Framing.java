package io.perigee.net.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufOutputStream;
import io.perigee.net.Encoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** How one message becomes bytes on the wire. Stateless. */
public enum Framing {
  /** One HTTP chunk for each message; an empty message is nothing, since it would end the body. */
  CHUNKS {
    @Override
    void append(byte[] message, int length, ByteBuf out) {
      if (length > 0) {
        appendSize(length, out);
        out.writeBytes(message, 0, length);
        appendLineEnd(out);
      }
    }

    @Override
    void append(Encoder message, int estimate, ByteBuf out) throws IOException {
      // The size stands before the chunk and its own length depends on it: encode aside, then copy.
      ByteBuf aside = out.alloc().buffer(estimate);
      try {
        encode(message, aside);
        if (aside.isReadable()) {
          appendSize(aside.readableBytes(), out);
          out.writeBytes(aside);
          appendLineEnd(out);
        }
      } finally {
        aside.release();
      }
    }
  },

  /** The bytes alone: a body that ends with the connection, for HTTP/1.0. */
  NONE {
    @Override
    void append(byte[] message, int length, ByteBuf out) {
      out.writeBytes(message, 0, length);
    }

    @Override
    void append(Encoder message, int estimate, ByteBuf out) throws IOException {
      encode(message, out);
    }
  },

  /** Four bytes of length, most significant first, then the message. */
  LENGTH {
    @Override
    void append(byte[] message, int length, ByteBuf out) {
      out.writeInt(length);
      out.writeBytes(message, 0, length);
    }

    @Override
    void append(Encoder message, int estimate, ByteBuf out) throws IOException {
      int start = out.writerIndex();
      out.writeInt(0);
      encode(message, out);
      out.setInt(start, out.writerIndex() - start - 4);
    }
  };

  /** Writes the first {@code length} bytes of {@code message}. */
  abstract void append(byte[] message, int length, ByteBuf out);

  /** May leave a part of the message in {@code out} when it throws. */
  abstract void append(Encoder message, int estimate, ByteBuf out) throws IOException;

  private static void encode(Encoder message, ByteBuf out) throws IOException {
    try (ByteBufOutputStream stream = new ByteBufOutputStream(out)) {
      message.encode(stream);
    }
  }

  private static void appendSize(int size, ByteBuf out) {
    out.writeCharSequence(Integer.toHexString(size), StandardCharsets.US_ASCII);
    appendLineEnd(out);
  }

  private static void appendLineEnd(ByteBuf out) {
    out.writeShort('\r' << 8 | '\n');
  }
}
