package io.perigee.agent.daemon;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import org.jspecify.annotations.Nullable;

/** Makes the directories in which tasks run. Blocks; safe for all threads. */
final class Sandboxes {
  private static final int MOST_TRIES = 3;

  private Sandboxes() {}

  /**
   * Makes a sandbox and lets {@code latest} point to it.
   *
   * @param owner to whom it belongs; null leaves it to the agent's own user
   * @throws IOException whose message tells the task's owner what is wrong
   */
  static void create(Path sandbox, Path latest, @Nullable String owner) throws IOException {
    makeDirectory(sandbox);
    Files.setPosixFilePermissions(sandbox, PosixFilePermissions.fromString("rwxr-x---"));
    if (owner != null) {
      giveTo(sandbox, owner);
    }
    pointTo(latest, sandbox);
  }

  /** Again where the directory above was deleted right then, since it was empty. */
  private static void makeDirectory(Path sandbox) throws IOException {
    for (int tries = 1; ; tries++) {
      Files.createDirectories(sandbox.getParent());
      try {
        Files.createDirectory(sandbox); // One that is there is not ours, and may lead elsewhere.
        return;
      } catch (NoSuchFileException deleted) {
        if (tries == MOST_TRIES) {
          throw deleted;
        }
      }
    }
  }

  private static void giveTo(Path sandbox, String owner) throws IOException {
    UserPrincipal user;
    try {
      user = sandbox.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(owner);
    } catch (UserPrincipalNotFoundException unknown) {
      throw new IOException(
          "Failed to get user information for '" + owner + "': no such user", unknown);
    }
    PosixFileAttributes now = Files.readAttributes(sandbox, PosixFileAttributes.class);
    if (!now.owner().equals(user)) {
      Files.getFileAttributeView(sandbox, PosixFileAttributeView.class).setOwner(user);
    }
  }

  /** Replaces the link in one step, so that nobody ever finds none. */
  private static void pointTo(Path latest, Path sandbox) throws IOException {
    Files.createDirectories(latest.getParent());
    Path next = latest.resolveSibling(".latest-" + sandbox.getFileName());
    try {
      Files.createSymbolicLink(next, sandbox);
    } catch (FileAlreadyExistsException leftOver) {
      return; // Of an agent that died right here; the sandbox itself is what counts.
    }
    try {
      Files.move(next, latest, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException notHere) {
      Files.move(next, latest, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
