package io.perigee.agent.containers.launcher;

import io.perigee.agent.containers.ContainerEnd.LaunchFailure;
import io.perigee.agent.containers.ContainerSpec;
import io.perigee.agent.containers.SystemUsers;
import io.perigee.agent.containers.UserIdentity;
import io.perigee.agent.containers.cgroup.CgroupPlan;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What has to be there before the launcher is asked to run a container. Safe for all threads. */
final class Preparation {
  private final LauncherHost host;
  private final SystemUsers users = new SystemUsers();

  Preparation(LauncherHost host) {
    this.host = host;
  }

  /** Resolves the user and writes the specification; blocks. Empty if all is ready. */
  Optional<LaunchFailure> prepare(ContainerSpec spec, CgroupPlan plan) {
    Optional<String> problem = spec.problem();
    if (problem.isPresent()) {
      return Optional.of(new LaunchFailure("spec", problem.get()));
    }
    @Nullable UserIdentity user = null;
    String name = spec.user();
    if (name != null) {
      switch (users.resolve(name)) {
        case SystemUsers.Answer.Unknown(String message) -> {
          return Optional.of(new LaunchFailure("user", message));
        }
        case SystemUsers.Answer.Found(UserIdentity found) -> user = found;
      }
      if (!host.isRoot() && user.uid() != host.uid()) {
        return Optional.of(
            new LaunchFailure("user", "Failed to switch to user '" + name + "': not root"));
      }
    }
    // Who is not root stays what it is.
    @Nullable UserIdentity switched = host.isRoot() ? user : null;
    try {
      write(SpecFile.in(spec.folder()), SpecFile.encode(spec, switched, host.namespaces(), plan));
      return Optional.empty();
    } catch (IOException refused) {
      return Optional.of(new LaunchFailure("folder", "Failed to write " + refused.getMessage()));
    }
  }

  /** The environment may hold secrets: for the owner's eyes only. */
  private static void write(Path path, byte[] bytes) throws IOException {
    try (SeekableByteChannel file =
        Files.newByteChannel(
            path,
            Set.of(
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      ByteBuffer rest = ByteBuffer.wrap(bytes);
      while (rest.hasRemaining()) {
        file.write(rest);
      }
    }
  }
}
