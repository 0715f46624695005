package io.perigee.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.cli.daemon.LocalCluster;
import io.perigee.common.Problems;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** A master with one agent of the size that the recorded one had. Fails if a part of it died. */
public final class TestCluster implements AutoCloseable {
  private static final String RESOURCES =
      "--resources=cpus:4;mem:4096;disk:8192;ports:[31000-32000]";

  private final AtomicReference<Throwable> fatal = new AtomicReference<>();
  private final LocalCluster cluster;

  public TestCluster(Path workDir) {
    this(workDir, List.of(), List.of());
  }

  /** With further flags. */
  public TestCluster(Path workDir, List<String> masterFlags, List<String> agentFlags) {
    Problems problems = new Problems();
    List<String> flags = new ArrayList<>(agentFlags);
    flags.add(RESOURCES);
    cluster =
        LocalCluster.start(
            new LocalCluster.Plan("127.0.0.1", 0, 1, workDir, masterFlags, flags),
            problems,
            fatal::set);
    assertThat(problems.texts()).isEmpty();
    assertThat(cluster.awaitAgents(Duration.ofSeconds(20))).isTrue();
  }

  public InetSocketAddress master() {
    return address(cluster.uri());
  }

  public InetSocketAddress agent() {
    return address(cluster.agents().getFirst().uri());
  }

  private static InetSocketAddress address(URI uri) {
    return new InetSocketAddress(uri.getHost(), uri.getPort());
  }

  @Override
  public void close() {
    cluster.close();
    assertThat(fatal.get()).isNull();
  }
}
