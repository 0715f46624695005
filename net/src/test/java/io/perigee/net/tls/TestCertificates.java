package io.perigee.net.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A certificate authority and what it signs, made by the JDK's keytool in a folder. */
public final class TestCertificates {
  private static final String PASSWORD = "changeit";

  private final Path folder;
  private final Path store;

  /** Makes the authority; its certificate is {@code ca.crt}. */
  public TestCertificates(Path folder) throws Exception {
    this.folder = Files.createDirectories(folder);
    this.store = folder.resolve("store.p12");
    generate("ca", "-ext", "bc:c");
    Files.writeString(folder.resolve("ca.crt"), certificate("ca"));
  }

  /** The authority's certificate. */
  public Path authority() {
    return folder.resolve("ca.crt");
  }

  /** Signs a new certificate for a name, valid for 127.0.0.1 too. */
  public void sign(String name) throws Exception {
    generate(name, "-signer", "ca", "-ext", "san=ip:127.0.0.1,dns:" + name);
  }

  /** Writes {@code <file>.crt} and {@code <file>.key} of a signed name, over what is there. */
  public TlsFiles write(String name, String file) throws Exception {
    Path certificate = folder.resolve(file + ".crt");
    Path key = folder.resolve(file + ".key");
    replace(certificate, certificate(name));
    replace(key, key(name));
    return new TlsFiles(certificate, key, authority());
  }

  public Path file(String name) {
    return folder.resolve(name);
  }

  public String certificate(String name) throws Exception {
    return pem("CERTIFICATE", load().getCertificate(name).getEncoded());
  }

  public String key(String name) throws Exception {
    return pem("PRIVATE KEY", load().getKey(name, PASSWORD.toCharArray()).getEncoded());
  }

  /** Replaces a file in one step, as careful people do. */
  public static void replace(Path file, String text) throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".next");
    Files.writeString(next, text);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private KeyStore load() throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return keys;
  }

  private void generate(String alias, String... options) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-XX:TieredStopAtLevel=1",
                "-J-XX:+UseSerialGC",
                "-genkeypair",
                "-alias",
                alias,
                "-dname",
                "CN=" + alias,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "30",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD));
    command.addAll(List.of(options));
    Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (keytool.waitFor() != 0) {
      throw new IOException(command + ": " + output);
    }
  }

  private static String pem(String type, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %1$s-----\n"
        .formatted(type, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der));
  }
}
