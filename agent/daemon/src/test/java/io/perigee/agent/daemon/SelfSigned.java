package io.perigee.agent.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.perigee.net.tls.TlsFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A certificate for 127.0.0.1 that is its own authority, made by the JDK's keytool. */
final class SelfSigned {
  private static final char[] PASSWORD = "changeit".toCharArray();

  private SelfSigned() {}

  static TlsFiles make(Path folder) throws Exception {
    Path store = folder.resolve("store.p12");
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
    String options =
        "-genkeypair -alias a -dname CN=a -keyalg EC -groupname secp256r1 -validity 30 -ext bc:c"
            + " -ext san=ip:127.0.0.1 -storetype PKCS12 -storepass changeit -keystore";
    command.addAll(List.of(options.split(" ")));
    command.add(store.toString());
    Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
    if (keytool.waitFor() != 0) {
      throw new IOException(new String(keytool.getInputStream().readAllBytes(), UTF_8));
    }
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    Path certificate = folder.resolve("a.crt");
    Path key = folder.resolve("a.key");
    Files.writeString(certificate, pem("CERTIFICATE", keys.getCertificate("a").getEncoded()));
    Files.writeString(key, pem("PRIVATE KEY", keys.getKey("a", PASSWORD).getEncoded()));
    return new TlsFiles(certificate, key, certificate);
  }

  private static String pem(String type, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %1$s-----\n"
        .formatted(type, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der));
  }
}
