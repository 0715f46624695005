package io.perigee.net.auth;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who was authenticated.
 *
 * @param value the name; null for somebody known by claims alone, such as an executor with a token
 * @param claims what else is certain about them
 */
public record Principal(@Nullable String value, Map<String, String> claims) {
  public Principal {
    claims = Map.copyOf(claims);
  }

  public static Principal named(String value) {
    return new Principal(value, Map.of());
  }
}
