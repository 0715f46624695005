package io.perigee.net.auth;

import io.perigee.net.http.RequestHead;
import java.util.concurrent.CompletableFuture;

/**
 * Learns from a request's head who asks. Called on the event loop of the connection, which it must
 * not block: what takes long (a slow hash) completes the future from a thread of its own. Later
 * requests of the connection wait meanwhile. A future that fails is a refusal with 500.
 */
@FunctionalInterface
public interface Authenticator {
  CompletableFuture<Authentication> authenticate(RequestHead head);

  /** Everybody is anonymous. */
  static Authenticator anonymous() {
    var result = CompletableFuture.<Authentication>completedFuture(new Authentication.Anonymous());
    return head -> result;
  }
}
