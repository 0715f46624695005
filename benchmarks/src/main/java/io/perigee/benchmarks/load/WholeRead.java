package io.perigee.benchmarks.load;

import io.perigee.benchmarks.Broken;
import io.perigee.net.client.Call;
import io.perigee.net.client.ClientRequest;
import io.perigee.net.client.HttpClient;
import io.perigee.net.client.HttpFailure;
import io.perigee.net.client.ResponseListener;
import io.perigee.net.http.Headers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Reads an answer to its end and forgets it, as a reader with a fast parser would.
 *
 * @param firstNanos from the request to the first bytes of the body
 * @param wholeNanos to its end
 * @param bytes of the body, as sent
 */
record WholeRead(long firstNanos, long wholeNanos, long bytes) {

  static WholeRead of(HttpClient http, ClientRequest request) throws Broken, InterruptedException {
    Reading reading = new Reading(request);
    var _ = http.stream(request, reading);
    try {
      return reading.result.get();
    } catch (ExecutionException e) {
      throw new Broken(request + ": " + e.getCause());
    }
  }

  private static final class Reading implements ResponseListener {
    private final ClientRequest request;
    private final long start = System.nanoTime();
    private final CompletableFuture<WholeRead> result = new CompletableFuture<>();
    private long first;
    private long bytes;

    private Reading(ClientRequest request) {
      this.request = request;
    }

    @Override
    public void onHead(Call call, int status, Headers headers) {
      if (status != 200) {
        result.completeExceptionally(new Broken(request + ": " + status));
      }
    }

    @Override
    public void onBody(byte[] some) {
      if (bytes == 0) {
        first = System.nanoTime() - start;
      }
      bytes += some.length;
    }

    @Override
    public void onEnd() {
      result.complete(new WholeRead(first, System.nanoTime() - start, bytes));
    }

    @Override
    public void onFailure(HttpFailure failure) {
      result.completeExceptionally(failure);
    }
  }
}
