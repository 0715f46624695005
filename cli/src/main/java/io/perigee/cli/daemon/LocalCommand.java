package io.perigee.cli.daemon;

import io.perigee.common.ExitCode;
import io.perigee.common.Problems;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code perigee local}. */
@Command(
    name = "local",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Runs a master and some agents in this terminal, for a laptop.")
public final class LocalCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(LocalCommand.class);
  private static final int MOST_AGENTS = 100;
  private static final Duration REGISTRATION_TIME = Duration.ofSeconds(30);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--agents",
      paramLabel = "N",
      defaultValue = "3",
      description = "How many agents; they share this machine (default: ${DEFAULT-VALUE}).")
  private int agents;

  @Option(
      names = "--port",
      defaultValue = "5050",
      description = "Of the master; 0 takes any free one (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--ip",
      defaultValue = "127.0.0.1",
      description =
          "Where to listen (default: ${DEFAULT-VALUE}). Whoever reaches the port can run commands"
              + " as you: open it only to people you trust.")
  private String ip = "";

  @Option(
      names = "--work-dir",
      paramLabel = "DIRECTORY",
      description = "For the sandboxes, kept afterwards (default: a temporary one, deleted).")
  private @Nullable Path workDir;

  @Option(
      names = "--resources",
      paramLabel = "TEXT",
      description = "Of each agent, such as cpus:4;mem:1024 (default: its part of this machine).")
  private @Nullable String resources;

  @Option(
      names = "--attributes",
      paramLabel = "TEXT",
      description = "Of each agent, such as rack:a;disk:ssd.")
  private @Nullable String attributes;

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    Problems problems = new Problems();
    if (agents < 0 || agents > MOST_AGENTS) {
      problems.add("--agents: " + agents + " (expected: 0 to " + MOST_AGENTS + ")");
    }
    if (port < 0 || port > 65535) {
      problems.add("--port: " + port + " (expected: 0 to 65535)");
    }
    Path directory = directory(problems);
    LocalCluster cluster =
        problems.isEmpty() ? LocalCluster.start(plan(directory), problems, Fatal::stopped) : null;
    if (cluster == null) {
      deleteTemporary(directory);
      PrintWriter err = spec.commandLine().getErr();
      err.print(Daemon.text("perigee local", problems));
      err.flush();
      return ExitCode.USAGE;
    }
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  stopped.countDown();
                  cluster.close();
                  deleteTemporary(directory);
                },
                "stop"));
    if (!cluster.awaitAgents(REGISTRATION_TIME)) {
      LOG.warn("not all agents have registered yet");
    }
    out.print(welcome(cluster, directory));
    out.flush();
    stopped.await();
    return 0;
  }

  private Path directory(Problems problems) {
    if (workDir != null) {
      return workDir.toAbsolutePath();
    }
    try {
      Path directory = Files.createTempDirectory("perigee-local-");
      // Tasks of other users must be able to go through it to their sandboxes.
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
      return directory;
    } catch (IOException e) {
      problems.add(
          "no temporary directory can be made: " + e + " (expected: --work-dir=DIRECTORY)");
      return Path.of(".");
    }
  }

  private LocalCluster.Plan plan(Path directory) {
    List<String> agentFlags = new ArrayList<>();
    if (resources != null) {
      agentFlags.add("--resources=" + resources);
    }
    if (attributes != null) {
      agentFlags.add("--attributes=" + attributes);
    }
    return new LocalCluster.Plan(ip, port, agents, directory, List.of(), agentFlags);
  }

  private static String welcome(LocalCluster cluster, Path directory) {
    String perigee = System.getProperty("perigee.command", "perigee");
    String master =
        cluster.uri().getAuthority().equals("127.0.0.1:5050")
            ? ""
            : " --master " + cluster.uri().getAuthority();
    StringBuilder text = new StringBuilder();
    text.append(
        """
        Perigee runs: %s (%d agents, sandboxes below %s)

        In another terminal:
          %s run%s --instances 5 -- 'echo hello from $MESOS_TASK_ID; sleep 1'
          %s tasks%s --all
        """
            .formatted(
                cluster.uri(),
                cluster.agents().size(),
                directory,
                perigee,
                master,
                perigee,
                master));
    cluster.agents().stream()
        .findFirst()
        .ifPresent(agent -> text.append('\n').append(agent.runtimeNotes().getFirst()).append('\n'));
    return text.append("Ctrl-C stops it.\n").toString();
  }

  private void deleteTemporary(Path directory) {
    if (workDir != null || !directory.getFileName().toString().startsWith("perigee-local-")) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | java.io.UncheckedIOException e) {
      LOG.warn("{} cannot be deleted: {}", directory, e.toString());
    }
  }
}
