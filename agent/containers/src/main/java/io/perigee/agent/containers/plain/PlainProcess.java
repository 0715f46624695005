package io.perigee.agent.containers.plain;

import io.perigee.agent.containers.ContainerSpec;
import io.perigee.agent.containers.ProcessTree;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A container's processes as far as they can be found: the main one, what descends from it, and
 * what is in its session. A process that left the session and lost its parent is not found.
 *
 * @param child the main one; null: it was started by an earlier agent, and how it ends stays
 *     unknown
 * @param dieWithAgent as in the specification
 */
record PlainProcess(ProcessHandle main, @Nullable Process child, boolean dieWithAgent) {
  /**
   * In the container's folder: pid, start in milliseconds since the epoch, whether it is to die.
   */
  private static final String FILE = "process";

  private static final String DEFAULT_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private static final int MOST_KILL_ROUNDS = 100;
  private static final int KILL_ROUND_MILLIS = 20;
  private static final int SIGNAL_SECONDS = 10;

  /**
   * Starts the program.
   *
   * @param setsid the program that gives it a session of its own; null: there is none
   * @throws IOException with a text for the task's owner
   */
  static PlainProcess start(ContainerSpec spec, @Nullable Path setsid) throws IOException {
    List<String> command = new ArrayList<>();
    if (setsid != null) {
      command.add(setsid.toString());
    }
    command.add(find(spec).toString());
    command.addAll(spec.argv().subList(1, spec.argv().size()));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(spec.environment());
    builder.directory(spec.workingDirectory().toFile());
    builder.redirectInput(new File("/dev/null"));
    builder.redirectOutput(output(spec.stdout()));
    builder.redirectError(output(spec.stderr()));
    Process child = builder.start();
    ProcessHandle main = child.toHandle();
    PlainProcess process = new PlainProcess(main, child, spec.dieWithAgent());
    try {
      Files.writeString(
          spec.folder().resolve(FILE),
          main.pid() + " " + startMillis(main) + " " + spec.dieWithAgent() + "\n");
    } catch (IOException full) {
      process.kill();
      throw full;
    }
    return process;
  }

  private static ProcessBuilder.Redirect output(@Nullable Path path) {
    return path == null
        ? ProcessBuilder.Redirect.DISCARD
        : ProcessBuilder.Redirect.appendTo(path.toFile());
  }

  /** Searches the task's own PATH; the JDK and setsid would search the agent's. */
  private static Path find(ContainerSpec spec) throws IOException {
    String program = spec.program();
    if (program.contains("/")) {
      Path path = spec.workingDirectory().resolve(program);
      if (!Files.exists(path)) {
        throw new IOException(program + ": No such file or directory");
      }
      return executable(path, program);
    }
    for (String directory : spec.environment().getOrDefault("PATH", DEFAULT_PATH).split(":")) {
      Path path = spec.workingDirectory().resolve(directory).resolve(program);
      if (Files.isRegularFile(path)) {
        return executable(path, program);
      }
    }
    throw new IOException(program + ": No such file or directory");
  }

  private static Path executable(Path path, String program) throws IOException {
    if (Files.isDirectory(path) || !Files.isExecutable(path)) {
      throw new IOException(program + ": Permission denied");
    }
    return path;
  }

  /** One that an earlier agent started in this folder; empty if it is gone. */
  static Optional<PlainProcess> find(Path folder) {
    try {
      String[] words = Files.readString(folder.resolve(FILE)).strip().split(" ");
      long startMillis = Long.parseLong(words[1]);
      return ProcessHandle.of(Long.parseLong(words[0]))
          .filter(handle -> handle.isAlive() && startMillis(handle) == startMillis)
          .map(handle -> new PlainProcess(handle, null, Boolean.parseBoolean(words[2])));
    } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException nothing) {
      return Optional.empty();
    }
  }

  private static long startMillis(ProcessHandle handle) {
    return handle.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }

  /** All that are alive, the main one first: a child's end is not to make it start another. */
  Set<ProcessHandle> members() {
    Set<ProcessHandle> members = new LinkedHashSet<>(List.of(main));
    main.descendants().forEach(members::add);
    for (ProcessTree.Entry entry : ProcessTree.readAll()) {
      if (entry.session() == main.pid()) {
        ProcessHandle.of(entry.pid()).ifPresent(members::add);
      }
    }
    members.removeIf(member -> !member.isAlive());
    return members;
  }

  /** Sends a signal to all members; blocks for a moment. */
  void signal(int number) {
    List<String> command =
        new ArrayList<>(List.of("sh", "-c", "kill -\"$0\" \"$@\"", Integer.toString(number)));
    members().forEach(member -> command.add(Long.toString(member.pid())));
    try {
      new ProcessBuilder(command)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor(SIGNAL_SECONDS, TimeUnit.SECONDS);
    } catch (IOException noShell) {
      // Without a shell there are the JDK's two signals; this is the gentle one.
      members().forEach(ProcessHandle::destroy);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** Kills all members and waits until they are gone; the number of those that stay. */
  int kill() {
    for (int round = 0; round < MOST_KILL_ROUNDS; round++) {
      Set<ProcessHandle> members = members();
      if (members.isEmpty()) {
        return 0;
      }
      members.forEach(ProcessHandle::destroyForcibly);
      try {
        Thread.sleep(KILL_ROUND_MILLIS);
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    return members().size();
  }
}
