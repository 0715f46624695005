package io.perigee.agent.daemon;

import io.perigee.common.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Directories that an agent writes to. */
final class WorkDirectory {
  private static final String EXPECTED = " (expected: a directory, or one that can be made)";

  private WorkDirectory() {}

  /**
   * Makes a directory, and sees whether files can be made in it.
   *
   * @param named how a problem with it begins
   */
  static void make(Path directory, String named, Problems problems) {
    try {
      Files.createDirectories(directory);
      Path probe = Files.createTempFile(directory, ".probe", null);
      Files.delete(probe);
    } catch (IOException unusable) {
      problems.add(named + ": " + directory + " cannot be written to: " + unusable + EXPECTED);
    }
  }

  /**
   * Tells whether it could be made, as far as permissions say so, and makes nothing.
   *
   * @param directory absolute
   * @return the directory, or the nearest above it that exists
   */
  static Path check(Path directory, String named, Problems problems) {
    Path existing = directory;
    while (!Files.exists(existing, LinkOption.NOFOLLOW_LINKS) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    if (!Files.isDirectory(existing)) {
      problems.add(
          named
              + ": "
              + directory
              + " cannot be made: "
              + existing
              + " is no directory"
              + EXPECTED);
    } else if (!Files.isWritable(existing)) {
      problems.add(
          named
              + ": "
              + directory
              + " cannot be written to: no permission in "
              + existing
              + EXPECTED);
    }
    return existing;
  }
}
