package io.perigee.net.client;

import io.perigee.net.http.Headers;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Gathers a response up to a bound. */
final class WholeResponse implements ResponseListener {
  private final ClientRequest request;
  private final int limitBytes;
  private final CompletableFuture<ClientResponse> result = new CompletableFuture<>();
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private @Nullable Call call;
  private int status;
  private Headers headers = Headers.EMPTY;

  WholeResponse(ClientRequest request, int limitBytes) {
    this.request = request;
    this.limitBytes = limitBytes;
  }

  CompletableFuture<ClientResponse> result() {
    return result;
  }

  @Override
  public void onHead(Call call, int status, Headers headers) {
    this.call = call;
    this.status = status;
    this.headers = headers;
  }

  @Override
  public void onBody(byte[] bytes) {
    if (bytes.length <= limitBytes - body.size()) {
      body.writeBytes(bytes);
    } else if (call instanceof ClientCall tooLarge) {
      tooLarge.fail(
          HttpFailure.Kind.TOO_LARGE, "the body is larger than " + limitBytes + " bytes", null);
    }
  }

  @Override
  public void onEnd() {
    result.complete(new ClientResponse(request.uri(), status, headers, body.toByteArray()));
  }

  @Override
  public void onFailure(HttpFailure failure) {
    result.completeExceptionally(failure);
  }
}
