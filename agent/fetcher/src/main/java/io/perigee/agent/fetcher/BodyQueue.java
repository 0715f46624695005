package io.perigee.agent.fetcher;

import io.perigee.net.client.Call;
import io.perigee.net.client.HttpFailure;
import io.perigee.net.client.ResponseListener;
import io.perigee.net.http.Headers;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Hands a response from its event loop to a thread that may wait, piece by piece. What waits is
 * bounded: beyond {@link #PAUSE_BYTES} the server is not read from.
 */
final class BodyQueue implements ResponseListener {
  private static final int PAUSE_BYTES = 1 << 20;
  private static final int RESUME_BYTES = 1 << 18;

  /** Status and headers. */
  record Head(int status, Headers headers) {}

  private final ArrayDeque<byte[]> pieces = new ArrayDeque<>();
  private int waitingBytes;
  private boolean isPaused;
  private boolean hasEnded;
  private @Nullable Call call;
  private @Nullable Head head;
  private @Nullable HttpFailure failure;

  @Override
  public synchronized void onHead(Call call, int status, Headers headers) {
    this.call = call;
    head = new Head(status, headers);
    notifyAll();
  }

  @Override
  public synchronized void onBody(byte[] bytes) {
    pieces.add(bytes);
    waitingBytes += bytes.length;
    if (waitingBytes >= PAUSE_BYTES && !isPaused && call != null) {
      isPaused = true;
      call.pause();
    }
    notifyAll();
  }

  @Override
  public synchronized void onEnd() {
    hasEnded = true;
    notifyAll();
  }

  @Override
  public synchronized void onFailure(HttpFailure failure) {
    this.failure = failure;
    notifyAll();
  }

  synchronized Head head() throws HttpFailure, InterruptedException {
    while (head == null) {
      if (failure != null) {
        throw failure;
      }
      wait();
    }
    return head;
  }

  /** The next piece of the body, or null after the last. */
  synchronized byte @Nullable [] next() throws HttpFailure, InterruptedException {
    while (pieces.isEmpty()) {
      if (failure != null) {
        throw failure;
      }
      if (hasEnded) {
        return null;
      }
      wait();
    }
    byte[] piece = pieces.remove();
    waitingBytes -= piece.length;
    if (isPaused && waitingBytes <= RESUME_BYTES && call != null) {
      isPaused = false;
      call.resume();
    }
    return piece;
  }
}
