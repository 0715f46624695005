package io.perigee.agent.containers.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The pids that a supervisor wrote into its container's folder. */
record PidFile(long supervisor, long task, long init) {

  static PidFile read(Path folder) throws IOException {
    List<String> lines = Files.readAllLines(folder.resolve("pid"));
    String[] task = lines.get(1).split(" ");
    return new PidFile(
        Long.parseLong(lines.get(0).split(" ")[1]),
        Long.parseLong(task[1]),
        Long.parseLong(task[4]));
  }
}
