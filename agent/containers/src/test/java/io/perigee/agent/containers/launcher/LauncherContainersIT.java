package io.perigee.agent.containers.launcher;

import java.io.IOException;
import java.nio.file.Path;

/** The contract with everything that this machine allows whoever runs the tests. */
class LauncherContainersIT extends LauncherContract {
  @Override
  LauncherLab newLab(Path folder) throws IOException {
    return new LauncherLab(folder);
  }
}
