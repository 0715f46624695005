package io.perigee.agent.containers.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/**
 * Builds a launcher with the address and undefined-behaviour sanitizers. Any finding ends the
 * process that has it, with a code that no launcher process ends with otherwise.
 */
final class SanitizedLauncher {
  private SanitizedLauncher() {}

  /** Skips the test, saying why, where the compiler cannot. */
  static Path build(Path folder) throws IOException, InterruptedException {
    Path script = Path.of("../launcher/build.sh");
    Path binary = folder.resolve("perigee-launcher-sanitized");
    if (!Files.exists(script)) {
      return Assumptions.abort("no sources of the launcher beside this module");
    }
    Process build =
        new ProcessBuilder("sh", script.toString(), "--sanitize", binary.toString())
            .redirectErrorStream(true)
            .start();
    String output =
        new String(build.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (build.waitFor() != 0) {
      return Assumptions.abort("no sanitizers: " + output);
    }
    return binary;
  }
}
