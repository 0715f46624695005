package io.perigee.net.tls;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The PEM files of one side.
 *
 * @param certificates its own certificate, then those that lead to the root; null for a client
 *     without one
 * @param key the private key of the first certificate, PKCS#8 ({@code BEGIN PRIVATE KEY}), not
 *     encrypted; null exactly when {@code certificates} is
 * @param authorities whom to trust: a server asks clients for a certificate if it is given, a
 *     client takes those of the JDK if it is null
 */
public record TlsFiles(
    @Nullable Path certificates, @Nullable Path key, @Nullable Path authorities) {
  public TlsFiles {
    if ((certificates == null) != (key == null)) {
      throw new IllegalArgumentException("a certificate needs its key, and a key its certificate");
    }
  }

  List<Path> all() {
    return Stream.of(certificates, key, authorities).filter(Objects::nonNull).toList();
  }
}
