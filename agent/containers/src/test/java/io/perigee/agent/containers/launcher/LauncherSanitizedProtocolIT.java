package io.perigee.agent.containers.launcher;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Nonsense for a launcher that watches its own memory. */
class LauncherSanitizedProtocolIT extends LauncherProtocolIT {
  @TempDir private static Path shared;
  private static Path binary;

  @BeforeAll
  static void build() throws IOException, InterruptedException {
    binary = SanitizedLauncher.build(shared);
  }

  @Override
  LauncherLab newLab(Path folder) throws IOException {
    return new LauncherLab(folder, false, binary);
  }
}
