package io.perigee.endpoints;

import io.perigee.common.Problems;
import io.perigee.common.option.Option;
import io.perigee.common.option.OptionValues;
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
   * @param ip unset for that of this host's name
   * @return null if there is none: {@code problems} tells why
   */
  public static @Nullable InetAddress address(
      OptionValues values, Option<String> ip, Problems problems) {
    String text = values.find(ip);
    try {
      return text == null ? InetAddress.getLocalHost() : InetAddress.getByName(text);
    } catch (UnknownHostException unknown) {
      problems.add(
          text == null
              ? "this host's name has no address (expected: --ip=ADDRESS)"
              : values.named(ip)
                  + ": '"
                  + text
                  + "' is not known (expected: an address of this host)");
      return null;
    }
  }

  /**
   * The name under which others reach this daemon.
   *
   * @param hostname unset for the address itself
   * @param ip null if there is none, which was told
   * @return what fits into a URI; {@code problems} tells if the name does not
   */
  public static String hostname(
      OptionValues values, Option<String> hostname, @Nullable InetAddress ip, Problems problems) {
    String name = values.find(hostname);
    if (name != null && HOST_NAME.matcher(name).matches()) {
      return name;
    }
    if (name != null) {
      problems.add(
          values.named(hostname)
              + ": '"
              + name
              + "' is no name of a host (expected: letters, digits, - and .)");
    }
    return ip == null ? "" : ip.getHostAddress();
  }

  /**
   * A server's TLS, or null for plain TCP or if {@code problems} tells why there is none.
   *
   * @param authorities of clients; null if these need no certificate whatever the options say
   */
  public static @Nullable Tls tls(
      OptionValues values,
      Option<Path> certificates,
      Option<Path> key,
      @Nullable Option<Path> authorities,
      Counters counters,
      Problems problems) {
    Path certificateFile = values.find(certificates);
    Path keyFile = values.find(key);
    Path authorityFile = authorities == null ? null : values.find(authorities);
    if (certificateFile == null && keyFile == null) {
      if (authorities != null && authorityFile != null) {
        problems.add(values.named(authorities) + ": needs tls_cert_file and tls_key_file");
      }
      return null;
    }
    if (certificateFile == null || keyFile == null) {
      problems.add(
          values.named(keyFile == null ? certificates : key)
              + ": needs "
              + (keyFile == null ? key : certificates).name()
              + " (expected: both or none)");
      return null;
    }
    try {
      return Tls.server(
          new TlsFiles(certificateFile, keyFile, authorityFile),
          authorityFile != null,
          CHECK_CERTIFICATES,
          counters);
    } catch (TlsException unusable) {
      problems.add("TLS: " + unusable.getMessage());
      return null;
    }
  }

  /** A client's TLS, or null if {@code problems} tells why there is none. */
  public static @Nullable Tls clientTls(
      OptionValues values,
      Option<Path> certificates,
      Option<Path> key,
      Option<Path> authorities,
      Counters counters,
      Problems problems) {
    Path certificateFile = values.find(certificates);
    Path keyFile = values.find(key);
    if ((certificateFile == null) != (keyFile == null)) {
      return null; // Told by the server's side, which has the same files.
    }
    try {
      return Tls.client(
          new TlsFiles(certificateFile, keyFile, values.find(authorities)),
          CHECK_CERTIFICATES,
          counters);
    } catch (TlsException unusable) {
      problems.add(values.named(authorities) + ": " + unusable.getMessage());
      return null;
    }
  }
}
