package io.perigee.agent.fetcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Copies a file of this machine with its permissions. An agent that is root reads it as the task's
 * user would: else a task could have any file of the machine. Blocks; an interrupt ends it.
 */
final class LocalCopy {
  /** Prints the permissions to where errors go, and the file to where it belongs. */
  private static final String SCRIPT =
      """
      [ -f "$1" ] || { echo "$1: no such file for this user" >&2; exit 1; }
      stat -L -c %a -- "$1" >&2 && exec cat -- "$1"
      """;

  private static final int MOST_ERROR_BYTES = 4096;
  private static final int BUFFER_BYTES = 64 * 1024;

  private LocalCopy() {}

  /**
   * Makes a file of a file.
   *
   * @param to nothing is there; nothing is left there after a failure
   * @param reader whose rights count; null for the agent's own
   */
  static void run(Path from, Path to, @Nullable FileOwner reader)
      throws IOException, InterruptedException {
    boolean isWhole = false;
    try {
      if (reader == null || isAgent(reader)) {
        copy(from, to);
      } else {
        copyAs(reader, from, to);
      }
      isWhole = true;
    } finally {
      if (!isWhole) {
        Files.deleteIfExists(to);
      }
    }
  }

  private static boolean isAgent(FileOwner reader) throws IOException {
    Object uid = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    return uid instanceof Integer agent && agent == (int) reader.uid();
  }

  /** Piece by piece, so that an interrupt is felt. */
  static void copy(Path from, Path to) throws IOException {
    if (!Files.isRegularFile(from)) {
      throw new FetchFailure(from + ": no such file");
    }
    try (var in = Files.newInputStream(from);
        var out = Files.newOutputStream(to, StandardOpenOption.CREATE_NEW)) {
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        out.write(buffer, 0, n);
      }
    }
    Files.setPosixFilePermissions(to, Files.getPosixFilePermissions(from));
  }

  private static void copyAs(FileOwner reader, Path from, Path to)
      throws IOException, InterruptedException {
    String groups = reader.groups().stream().map(String::valueOf).collect(Collectors.joining(","));
    ProcessBuilder command =
        new ProcessBuilder(
            List.of(
                "setpriv",
                "--reuid=" + reader.uid(),
                "--regid=" + reader.gid(),
                groups.isEmpty() ? "--clear-groups" : "--groups=" + groups,
                "--inh-caps=-all",
                "sh",
                "-c",
                SCRIPT,
                "sh",
                from.toString()));
    command.environment().clear();
    command.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    command.environment().put("LC_ALL", "C");
    command.directory(Path.of("/").toFile());
    Files.createFile(to);
    command.redirectOutput(to.toFile());
    Process process;
    try {
      process = command.start();
    } catch (IOException missing) {
      throw new FetchFailure(
          "files of this machine are read with setpriv (util-linux), which cannot be started",
          missing);
    }
    try {
      process.getOutputStream().close();
      int exit = process.waitFor();
      String said =
          new String(process.getErrorStream().readNBytes(MOST_ERROR_BYTES), StandardCharsets.UTF_8)
              .strip();
      if (exit != 0) {
        throw new FetchFailure(said.isEmpty() ? from + " cannot be read" : said);
      }
      SandboxTree.setMode(to, Integer.parseInt(said, 8));
    } finally {
      process.destroyForcibly();
    }
  }
}
