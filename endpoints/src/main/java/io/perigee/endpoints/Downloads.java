package io.perigee.endpoints;

import io.perigee.net.http.Headers;
import io.perigee.net.http.Response;
import io.perigee.net.server.Responder;
import io.perigee.net.server.ResponseStream;
import io.perigee.net.server.StreamEnd;
import io.perigee.net.server.StreamListener;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends large files on threads of their own, as fast as their readers are: a slow one holds none of
 * the workers that other requests need. Safe for all threads.
 */
final class Downloads {
  static final int PIECE_BYTES = 64 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(Downloads.class);
  private static final int BUFFER_BYTES = 512 * 1024;

  private final Semaphore free;
  private final Duration stallTime;

  /**
   * @param most at once; one more gets 503
   * @param stallTime a reader that takes nothing for this long is disconnected
   */
  Downloads(int most, Duration stallTime) {
    this.free = new Semaphore(most);
    this.stallTime = stallTime;
  }

  /**
   * Answers with a file.
   *
   * @param size of it that is sent, though it may grow
   */
  void begin(Path file, long size, Headers headers, Responder to) {
    if (!free.tryAcquire()) {
      to.respond(Response.text(503, "Too many downloads at once; try again later"));
      return;
    }
    Thread.ofVirtual()
        .name("files-download")
        .start(() -> {
          try {
            send(file, size, headers, to);
          } finally {
            free.release();
          }
        });
  }

  private void send(Path file, long size, Headers headers, Responder to) {
    Semaphore mayGoOn = new Semaphore(0);
    ResponseStream stream = to.openStream(200, headers, new Waker(mayGoOn), BUFFER_BYTES);
    try (InputStream in = SandboxFiles.open(file)) {
      if (copy(in, size, stream, mayGoOn)) {
        stream.close();
      } else {
        cut(stream);
      }
    } catch (IOException | InterruptedException broken) {
      LOG.warn("the download of {} is cut: {}", file, broken.toString());
      cut(stream);
    }
  }

  /** False if the reader stalls. */
  private boolean copy(InputStream in, long size, ResponseStream stream, Semaphore mayGoOn)
      throws IOException, InterruptedException {
    long rest = size;
    while (rest > 0) {
      byte[] piece = in.readNBytes((int) Math.min(rest, PIECE_BYTES));
      rest = piece.length == 0 ? 0 : rest - piece.length; // None: it was cut short meanwhile.
      if (!stream.send(piece)) {
        return true; // Gone: nobody is left to be told.
      }
      if (!stream.isWritable()) {
        if (!mayGoOn.tryAcquire(stallTime.toMillis(), TimeUnit.MILLISECONDS)) {
          return false;
        }
        mayGoOn.drainPermits();
      }
    }
    return true;
  }

  /** Disconnects, as for slow readers: an orderly end would make half a file look whole. */
  static void cut(ResponseStream stream) {
    stream.send(out -> {}, Integer.MAX_VALUE);
  }

  private record Waker(Semaphore mayGoOn) implements StreamListener {
    @Override
    public void onEnd(StreamEnd reason) {
      mayGoOn.release();
    }

    @Override
    public void onWritable() {
      mayGoOn.release();
    }
  }
}
