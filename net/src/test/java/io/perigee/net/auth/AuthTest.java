package io.perigee.net.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.net.http.Headers;
import io.perigee.net.http.RequestHead;
import io.perigee.net.http.RequestTarget;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AuthTest {
  @Test
  void everybodyIsAnonymousByDefault() {
    RequestHead head =
        new RequestHead(
            "GET",
            new RequestTarget("/", "/", Map.of()),
            "/",
            Headers.EMPTY,
            InetSocketAddress.createUnresolved("h", 1),
            null);
    assertThat(Authenticator.anonymous().authenticate(head))
        .isCompletedWithValue(new Authentication.Anonymous());
  }

  @Test
  void everythingIsAllowedByDefault() {
    Authorizer authorizer = Authorizer.permitAll();
    assertThat(authorizer.authorize(null, "view_flags", null))
        .isEqualTo(new Authorization.Allowed());
    assertThat(authorizer.authorize(Principal.named("ada"), "run_tasks", "root"))
        .isEqualTo(new Authorization.Allowed());
  }

  @Test
  void claimsAreCopied() {
    Map<String, String> claims = new HashMap<>(Map.of("eid", "e"));
    Principal principal = new Principal(null, claims);
    claims.clear();
    assertThat(principal.claims()).containsExactly(Map.entry("eid", "e"));
    assertThat(principal.value()).isNull();
  }

  @Test
  void refusalIs401Or403() {
    assertThatThrownBy(() -> new Authentication.Refused(500, null))
        .hasMessage("a refusal is 401 or 403, not 500");
  }
}
