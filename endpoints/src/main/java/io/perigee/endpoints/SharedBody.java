package io.perigee.endpoints;

import io.perigee.net.http.Headers;
import io.perigee.net.http.Response;
import io.perigee.net.server.Responder;
import io.perigee.net.server.ResponseStream;
import io.perigee.net.server.StreamEnd;
import io.perigee.net.server.StreamListener;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One body on its way to all who asked for it: whole if it is small, else in pieces, to each reader
 * as fast as it takes them. A piece is given back when the last reader has it. One thread adds
 * pieces; event loops take them.
 */
final class SharedBody {
  private static final Logger LOG = LoggerFactory.getLogger(SharedBody.class);

  /** Up to this size an answer has a Content-Length, as all of Mesos' have. */
  static final int WHOLE_PIECES = 4;

  /** Of one reader; what waits there are references, not copies. */
  private static final int BUFFER_BYTES = 8 * PieceMemory.PIECE_BYTES;

  private final PieceMemory memory;
  private final List<Reader> readers;
  private final List<@Nullable Piece> pieces = new ArrayList<>();
  private int live;
  private boolean isStreamed;
  private boolean isComplete;

  private static final class Piece {
    private final byte[] bytes;
    private final int length;
    private int holders;

    private Piece(byte[] bytes, int length, int holders) {
      this.bytes = bytes;
      this.length = length;
      this.holders = holders;
    }
  }

  SharedBody(List<Responder> askers, PieceMemory memory) {
    this.memory = memory;
    this.readers = askers.stream().map(Reader::new).toList();
    this.live = askers.size();
  }

  /**
   * The next piece; its array is given back to the memory in time.
   *
   * @param headers of the answer, asked for when it begins to be sent
   * @return false if nobody reads it any more
   */
  boolean add(byte[] bytes, int length, HeadersSource headers) {
    if (!isStreamed && pieces.size() == WHOLE_PIECES) {
      isStreamed = true;
      memory.began(this);
      Headers all = headers.get();
      readers.forEach(reader -> reader.open(all));
    }
    synchronized (this) {
      if (live == 0) {
        memory.give(bytes);
        return false;
      }
      pieces.add(new Piece(bytes, length, live));
      if (isStreamed) {
        readers.forEach(Reader::pump);
      }
      return true;
    }
  }

  /** Which headers the answer has. */
  @FunctionalInterface
  interface HeadersSource {
    Headers get();
  }

  /** That was all. */
  void finish(HeadersSource headers) {
    if (isStreamed) {
      synchronized (this) {
        isComplete = true;
        readers.forEach(Reader::pump);
      }
    } else {
      respond(new Response(200, headers.get(), whole()));
    }
  }

  private synchronized byte[] whole() {
    int size = 0;
    for (Piece piece : pieces) {
      size += piece == null ? 0 : piece.length;
    }
    byte[] whole = new byte[size];
    int at = 0;
    for (Piece piece : pieces) {
      if (piece != null) {
        System.arraycopy(piece.bytes, 0, whole, at, piece.length);
        at += piece.length;
      }
    }
    return whole;
  }

  /** It cannot be completed: readers that have none of it get {@code instead}. */
  void fail(Response instead) {
    if (isStreamed) {
      synchronized (this) {
        readers.forEach(Reader::cut);
      }
    } else {
      respond(instead);
    }
  }

  private void respond(Response response) {
    synchronized (this) {
      for (Piece piece : pieces) {
        if (piece != null) {
          memory.give(piece.bytes);
        }
      }
      pieces.clear();
    }
    readers.forEach(reader -> reader.to.respond(response));
  }

  /**
   * Disconnects the reader furthest behind of those that took nothing since one instant, or began
   * before another, both as {@link System#nanoTime}; false if there is none.
   */
  synchronized boolean dropSlowest(long tookNothingSince, long beganBefore) {
    Reader slowest = null;
    for (Reader reader : readers) {
      boolean isSlow = reader.took - tookNothingSince < 0 || reader.began - beganBefore < 0;
      if (isSlow
          && !reader.hasEnded
          && !reader.isCut
          && (slowest == null || reader.returned < slowest.returned)) {
        slowest = reader;
      }
    }
    if (slowest == null || slowest.returned == pieces.size()) {
      return false;
    }
    LOG.warn("{}: its reader is too slow, others wait for the memory", slowest.to);
    slowest.cut();
    return true;
  }

  private void release(int index) {
    Piece piece = pieces.get(index);
    if (piece != null && --piece.holders == 0) {
      pieces.set(index, null);
      memory.give(piece.bytes);
    }
  }

  /** One of those who asked. All but {@link #open}: with the body's lock. */
  private final class Reader implements StreamListener {
    private final Responder to;
    private @Nullable ResponseStream stream;
    private final long began = System.nanoTime();
    private long took = began;
    private int next;
    private int returned;
    private boolean hasEnded;
    private boolean isCut;

    private Reader(Responder to) {
      this.to = to;
    }

    private void open(Headers headers) {
      ResponseStream opened = to.openStream(200, headers, this, BUFFER_BYTES);
      synchronized (SharedBody.this) {
        stream = opened;
        if (isCut) {
          Downloads.cut(opened);
        }
        pump();
      }
    }

    private void pump() {
      ResponseStream out = stream;
      if (out == null || hasEnded || isCut) {
        return;
      }
      while (next < pieces.size() && out.isWritable()) {
        Piece piece = pieces.get(next++);
        if (piece == null || !out.send(piece.bytes, piece.length, this::copied)) {
          return; // It has ended, of which the listener hears in a moment.
        }
      }
      if (isComplete && next == pieces.size()) {
        out.close();
      }
    }

    private void copied() {
      synchronized (SharedBody.this) {
        took = System.nanoTime();
        release(returned++);
      }
    }

    private void cut() {
      isCut = true;
      if (stream != null) {
        Downloads.cut(stream);
      }
    }

    @Override
    public void onWritable() {
      synchronized (SharedBody.this) {
        pump();
      }
    }

    @Override
    public void onEnd(StreamEnd reason) {
      synchronized (SharedBody.this) {
        hasEnded = true;
        while (returned < pieces.size()) {
          release(returned++);
        }
        if (--live == 0) {
          memory.ended(SharedBody.this);
        }
      }
    }
  }
}
