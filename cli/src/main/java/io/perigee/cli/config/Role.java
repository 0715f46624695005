package io.perigee.cli.config;

import io.perigee.cli.daemon.Daemon;
import io.perigee.cli.daemon.Daemons;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Which daemon a file is for. In lower case, since that is how it is typed. */
enum Role {
  master,
  agent;

  /** Where packages put the files. */
  static final Path DIRECTORY = Path.of("/etc/perigee");

  Daemon daemon() {
    return switch (this) {
      case master -> Daemons.MASTER;
      case agent -> Daemons.AGENT;
    };
  }

  String fileName() {
    return name() + ".yml";
  }

  /** That of {@code .../master.yml}. */
  static Optional<Role> of(Path file) {
    String name = String.valueOf(file.getFileName());
    return Arrays.stream(values()).filter(role -> role.fileName().equals(name)).findAny();
  }
}
