package io.perigee.net.link;

import io.perigee.net.auth.Principal;
import io.perigee.net.http.RequestHead;
import org.jspecify.annotations.Nullable;

/** Decides on the server's side whether a request becomes a link. Runs on the event loop. */
@FunctionalInterface
public interface LinkAcceptor {

  /**
   * @param principal null if the route's authenticator let somebody unknown in
   */
  LinkAcceptance accept(RequestHead head, @Nullable Principal principal);
}
