package io.perigee.cli.ask;

import io.perigee.common.ExitCode;
import io.perigee.net.tls.TlsFiles;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which master is meant; shared by all commands that ask one. */
public final class MasterOption {
  private static final String EXPECTED = " (expected: HOST:PORT or http://HOST:PORT)";

  @Option(
      names = "--master",
      paramLabel = "HOST:PORT",
      defaultValue = "${env:PERIGEE_MASTER:-127.0.0.1:5050}",
      description = "The master (default: $PERIGEE_MASTER, else 127.0.0.1:5050).")
  private String master = "";

  @Option(
      names = "--ca-file",
      paramLabel = "FILE",
      defaultValue = "${env:PERIGEE_CA_FILE}",
      description =
          "Authorities in PEM that a master of https://... is checked with (default:"
              + " $PERIGEE_CA_FILE, else those of the Java runtime).")
  private @Nullable Path authorities;

  @Option(
      names = "--cert-file",
      paramLabel = "FILE",
      defaultValue = "${env:PERIGEE_CERT_FILE}",
      description = "Your certificate in PEM, for a master that wants one.")
  private @Nullable Path certificates;

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      defaultValue = "${env:PERIGEE_KEY_FILE}",
      description = "Its private key in PEM, PKCS #8.")
  private @Nullable Path key;

  /** Opens nothing yet: the first question connects. */
  public Cluster cluster() throws CommandFailed {
    if ((certificates == null) != (key == null)) {
      throw new CommandFailed(
          "--cert-file and --key-file: one is missing (expected: both)", ExitCode.USAGE);
    }
    return new Cluster(uri(master), new TlsFiles(certificates, key, authorities));
  }

  static URI uri(String text) throws CommandFailed {
    URI uri;
    try {
      uri = URI.create(text.contains("://") ? text : "http://" + text);
    } catch (IllegalArgumentException malformed) {
      throw new CommandFailed("--master: '" + text + "' is no address" + EXPECTED, ExitCode.USAGE);
    }
    boolean isHttp = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    if (!isHttp || uri.getHost() == null || uri.getPort() <= 0) {
      throw new CommandFailed("--master: '" + text + "' is no address" + EXPECTED, ExitCode.USAGE);
    }
    return URI.create(uri.getScheme() + "://" + uri.getAuthority());
  }
}
