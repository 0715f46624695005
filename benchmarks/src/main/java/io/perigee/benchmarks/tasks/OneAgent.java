package io.perigee.benchmarks.tasks;

import io.perigee.benchmarks.Broken;
import io.perigee.benchmarks.Setup;
import io.perigee.cli.daemon.LocalCluster;
import io.perigee.common.Problems;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A master with one agent: in this JVM, or daemons that run already. */
final class OneAgent implements AutoCloseable {
  private final @Nullable LocalCluster cluster;
  private final URI uri;

  private OneAgent(@Nullable LocalCluster cluster, URI uri) {
    this.cluster = cluster;
    this.uri = uri;
  }

  /**
   * @param resources of the agent, if it is started here
   */
  static OneAgent start(Setup setup, String resources) throws Broken {
    if (setup.master() != null) {
      return new OneAgent(null, setup.master());
    }
    LocalCluster.Plan plan =
        new LocalCluster.Plan(
            "127.0.0.1", 0, 1, setup.workDir(), List.of(), List.of("--resources=" + resources));
    Problems problems = new Problems();
    LocalCluster cluster = LocalCluster.start(plan, problems, Throwable::printStackTrace);
    if (cluster == null) {
      throw new Broken(String.join("; ", problems.texts()));
    }
    if (!cluster.awaitAgents(Duration.ofSeconds(20))) {
      cluster.close();
      throw new Broken("the agent did not register");
    }
    return new OneAgent(cluster, cluster.uri());
  }

  URI uri() {
    return uri;
  }

  @Override
  public void close() {
    if (cluster != null) {
      cluster.close();
    }
  }
}
