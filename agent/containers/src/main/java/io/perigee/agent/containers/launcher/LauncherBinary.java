package io.perigee.agent.containers.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The launcher's program, which comes as a resource of a jar: an installation is jars only. */
public final class LauncherBinary {
  private static final String RESOURCES = "/io/perigee/agent/launcher/";

  /** What became of it. */
  public sealed interface Extraction {
    record Ready(Path binary) implements Extraction {}

    /** There is no launcher for this machine, or it cannot be written. */
    record Unavailable(String reason) implements Extraction {}
  }

  private LauncherBinary() {}

  /**
   * Puts the program into {@code directory} (made if it is not there) as {@code
   * perigee-launcher-<hash of its content>}, mode 0755. It appears whole, by rename; one that is
   * there already and has the right content is used again. Supervisors of earlier agents may run
   * from older files, which therefore stay.
   */
  public static Extraction extract(Path directory) {
    String platform =
        System.getProperty("os.name").toLowerCase(Locale.ROOT)
            + "-"
            + System.getProperty("os.arch");
    try {
      byte[] content = resource(platform + "/perigee-launcher");
      if (content == null) {
        return new Extraction.Unavailable(
            "there is no launcher for " + platform + " in this build (" + buildNote() + ")");
      }
      return new Extraction.Ready(place(content, Files.createDirectories(directory)));
    } catch (IOException refused) {
      return new Extraction.Unavailable(
          "the launcher cannot be written to " + directory + ": " + refused);
    }
  }

  private static Path place(byte[] content, Path directory) throws IOException {
    Path binary = directory.resolve("perigee-launcher-" + hash(content));
    if (Files.isExecutable(binary) && Arrays.equals(content, Files.readAllBytes(binary))) {
      return binary;
    }
    Path fresh = Files.createTempFile(directory, "perigee-launcher", ".new");
    try {
      Files.write(fresh, content);
      Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
      return Files.move(fresh, binary, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  private static String buildNote() throws IOException {
    byte[] note = resource("build.txt");
    return note == null ? "built without it" : new String(note, StandardCharsets.UTF_8).strip();
  }

  private static byte @Nullable [] resource(String name) throws IOException {
    try (InputStream in = LauncherBinary.class.getResourceAsStream(RESOURCES + name)) {
      return in == null ? null : in.readAllBytes();
    }
  }

  /** 64 bits of SHA-256: tells builds apart, proves nothing. */
  private static String hash(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content), 0, 8);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }
}
