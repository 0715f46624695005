package io.perigee.agent.containers;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What to run, and where. Made by {@link #builder}.
 *
 * @param folder of the container, absolute and existing; the runtime keeps its files there, so the
 *     task's user must not be able to write to it
 * @param executable the program; without a slash it is searched in the PATH of {@code environment}.
 *     Null: the first of {@code argv}
 * @param argv the program's arguments from argv[0] on, at least one
 * @param environment the complete environment: nothing is inherited
 * @param workingDirectory absolute
 * @param stdout appended to, and created with the task's owner if it is not there; null: discarded
 * @param stderr as {@code stdout}
 * @param user a name of this machine; null: the agent's own
 * @param dieWithAgent whether the container is killed when the agent ends, however it ends
 */
public record ContainerSpec(
    ContainerId id,
    Path folder,
    @Nullable String executable,
    List<String> argv,
    Map<String, String> environment,
    Path workingDirectory,
    @Nullable Path stdout,
    @Nullable Path stderr,
    @Nullable String user,
    ResourceLimits limits,
    List<ProcessLimit> processLimits,
    boolean dieWithAgent) {

  public ContainerSpec {
    argv = List.copyOf(argv);
    // Keeps its order: the task sees its environment as it was given.
    environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    processLimits = List.copyOf(processLimits);
  }

  public static Builder builder(ContainerId id, Path folder) {
    return new Builder(id, folder);
  }

  /** The program to run: {@link #executable}, else the first argument. */
  public String program() {
    return executable != null ? executable : argv.getFirst();
  }

  /** Why no runtime can start this, as a text for the task's owner; empty if nothing is wrong. */
  public Optional<String> problem() {
    if (argv.isEmpty() || program().isEmpty()) {
      return Optional.of("there is no command");
    }
    if (argv.stream().anyMatch(ContainerSpec::hasNul) || hasNul(program())) {
      return Optional.of("the command has a NUL character");
    }
    for (Map.Entry<String, String> variable : environment.entrySet()) {
      String name = variable.getKey();
      if (name.isEmpty() || name.contains("=") || hasNul(name) || hasNul(variable.getValue())) {
        return Optional.of("not an environment variable: '" + name.replace('\0', '?') + "'");
      }
    }
    for (Path path : paths()) {
      if (!path.isAbsolute() || path.toString().contains("\n")) {
        return Optional.of("not an absolute path on one line: " + path);
      }
    }
    return Optional.empty();
  }

  private List<Path> paths() {
    List<Path> paths = new ArrayList<>(List.of(folder, workingDirectory));
    if (stdout != null) {
      paths.add(stdout);
    }
    if (stderr != null) {
      paths.add(stderr);
    }
    return paths;
  }

  private static boolean hasNul(String text) {
    return text.indexOf('\0') >= 0;
  }

  /** Collects a specification. Not safe for several threads. */
  public static final class Builder {
    private final ContainerId id;
    private final Path folder;
    private @Nullable String executable;
    private List<String> argv = List.of();
    private final Map<String, String> environment = new LinkedHashMap<>();
    private Path workingDirectory;
    private @Nullable Path stdout;
    private @Nullable Path stderr;
    private @Nullable String user;
    private ResourceLimits limits = ResourceLimits.NONE;
    private final List<ProcessLimit> processLimits = new ArrayList<>();
    private boolean dieWithAgent;

    private Builder(ContainerId id, Path folder) {
      this.id = id;
      this.folder = folder;
      this.workingDirectory = folder;
    }

    public Builder executable(String executable) {
      this.executable = executable;
      return this;
    }

    public Builder argv(List<String> argv) {
      this.argv = argv;
      return this;
    }

    public Builder argv(String... argv) {
      return argv(List.of(argv));
    }

    public Builder environment(String name, String value) {
      environment.put(name, value);
      return this;
    }

    public Builder environment(Map<String, String> variables) {
      environment.putAll(variables);
      return this;
    }

    /** Default: the container's folder. */
    public Builder workingDirectory(Path workingDirectory) {
      this.workingDirectory = workingDirectory;
      return this;
    }

    public Builder stdout(Path stdout) {
      this.stdout = stdout;
      return this;
    }

    public Builder stderr(Path stderr) {
      this.stderr = stderr;
      return this;
    }

    public Builder user(@Nullable String user) {
      this.user = user;
      return this;
    }

    public Builder limits(ResourceLimits limits) {
      this.limits = limits;
      return this;
    }

    public Builder processLimit(ProcessLimit limit) {
      processLimits.add(limit);
      return this;
    }

    public Builder dieWithAgent(boolean dieWithAgent) {
      this.dieWithAgent = dieWithAgent;
      return this;
    }

    public ContainerSpec build() {
      return new ContainerSpec(
          id,
          folder,
          executable,
          argv,
          environment,
          workingDirectory,
          stdout,
          stderr,
          user,
          limits,
          processLimits,
          dieWithAgent);
    }
  }
}
