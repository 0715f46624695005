package io.perigee.agent.containers.launcher;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The contract where the kernel does not clear up: the launcher has to find all processes itself.
 */
class LauncherWithoutNamespacesIT extends LauncherContract {
  @Override
  LauncherLab newLab(Path folder) throws IOException {
    return new LauncherLab(folder, false);
  }
}
