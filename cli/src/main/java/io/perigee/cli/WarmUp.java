package io.perigee.cli;

import io.perigee.cli.daemon.LocalCluster;
import io.perigee.common.Problems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine;

/**
 * Goes once through what the verbs do, in one JVM, so that the JVM can archive the classes they
 * need: {@code java -XX:AOTCacheOutput=FILE io.perigee.cli.WarmUp}. Run by the {@code perigee}
 * script after a build.
 */
final class WarmUp {
  private WarmUp() {}

  /**
   * @param arguments an empty directory for the sandbox
   */
  public static void main(String[] arguments) throws Exception {
    System.setProperty("perigee.log.level", "ERROR");
    Path workDir = Files.createDirectories(Path.of(arguments[0]));
    Problems problems = new Problems();
    try (LocalCluster cluster =
        LocalCluster.start(
            LocalCluster.Plan.of(1, workDir), problems, cause -> cause.printStackTrace())) {
      if (cluster == null) {
        throw new IllegalStateException(problems.texts().toString());
      }
      cluster.awaitAgents(Duration.ofSeconds(10));
      String master = cluster.uri().getAuthority();
      CommandLine perigee = Perigee.commandLine();
      perigee.execute("run", "--master", master, "true");
      perigee.execute("agents", "--master", master);
      perigee.execute("frameworks", "--all", "--master", master);
      perigee.execute("tasks", "--all", "--json", "--master", master);
      perigee.execute("help", "master");
    }
  }
}
