package io.perigee.net.link;

import io.perigee.net.http.Response;

/** What a {@link LinkAcceptor} decided. */
public sealed interface LinkAcceptance {
  record Accepted(LinkListener listener) implements LinkAcceptance {}

  /** The request is answered with this instead. */
  record Refused(Response response) implements LinkAcceptance {}
}
