package io.perigee.agent.containers.launcher;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The contract with a launcher that watches its own memory. */
class LauncherSanitizedIT extends LauncherContract {
  @TempDir private static Path shared;
  private static Path binary;

  @BeforeAll
  static void build() throws IOException, InterruptedException {
    binary = SanitizedLauncher.build(shared);
  }

  @Override
  LauncherLab newLab(Path folder) throws IOException {
    return new LauncherLab(folder, true, binary);
  }
}
