package io.perigee.endpoints;

import io.perigee.common.Problems;
import io.perigee.net.Counters;
import io.perigee.net.tls.Tls;
import io.perigee.net.tls.TlsException;
import io.perigee.net.tls.TlsFiles;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What both daemons need before they can listen, with what is wrong about it. */
public final class Listening {
  /** How often certificates are looked at; soon enough for whoever replaced one and watches. */
  private static final Duration CHECK_CERTIFICATES = Duration.ofSeconds(30);

  /** With the underscore that is none of DNS but is met in private networks. */
  private static final Pattern HOST_NAME = Pattern.compile("[A-Za-z0-9._-]{1,253}");

  private Listening() {}

  /**
   * The address to listen on.
   *
   * @param ip as given, or null for that of this host's name
   * @return null if there is none: {@code problems} tells why
   */
  public static @Nullable InetAddress address(@Nullable String ip, Problems problems) {
    try {
      return ip == null ? InetAddress.getLocalHost() : InetAddress.getByName(ip);
    } catch (UnknownHostException unknown) {
      problems.add(
          ip == null
              ? "this host's name has no address (expected: --ip=ADDRESS)"
              : "--ip: '" + ip + "' is not known (expected: an address of this host)");
      return null;
    }
  }

  /**
   * The name under which others reach this daemon.
   *
   * @param name as given, or null for the address itself
   * @return what fits into a URI; {@code problems} tells if the name does not
   */
  public static String hostname(@Nullable String name, InetAddress ip, Problems problems) {
    if (name != null && HOST_NAME.matcher(name).matches()) {
      return name;
    }
    if (name != null) {
      problems.add(
          "--hostname: '" + name + "' is no name of a host (expected: letters, digits, - and .)");
    }
    return ip.getHostAddress();
  }

  /** A server's TLS, or null for plain TCP or if {@code problems} tells why there is none. */
  public static @Nullable Tls tls(
      @Nullable Path certificates,
      @Nullable Path key,
      @Nullable Path authorities,
      Counters counters,
      Problems problems) {
    if (certificates == null && key == null) {
      if (authorities != null) {
        problems.add("--tls_ca_file: needs --tls_cert_file and --tls_key_file");
      }
      return null;
    }
    if (certificates == null || key == null) {
      problems.add("--tls_cert_file and --tls_key_file: one is missing (expected: both)");
      return null;
    }
    try {
      return Tls.server(
          new TlsFiles(certificates, key, authorities),
          authorities != null,
          CHECK_CERTIFICATES,
          counters);
    } catch (TlsException unusable) {
      problems.add("TLS: " + unusable.getMessage());
      return null;
    }
  }

  /** A client's TLS, or null if {@code problems} tells why there is none. */
  public static @Nullable Tls clientTls(
      @Nullable Path certificates,
      @Nullable Path key,
      @Nullable Path authorities,
      Counters counters,
      Problems problems) {
    if ((certificates == null) != (key == null)) {
      return null; // Told by the server's side, which has the same files.
    }
    try {
      return Tls.client(new TlsFiles(certificates, key, authorities), CHECK_CERTIFICATES, counters);
    } catch (TlsException unusable) {
      problems.add("--tls_ca_file: " + unusable.getMessage());
      return null;
    }
  }
}
