package io.perigee.endtoend.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.endtoend.TestCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Answers as Mesos 1.11 did: see {@link Exchange} for what is compared. */
final class GoldenReplayIT {
  @TempDir private Path workDir;

  @TestFactory
  Stream<DynamicContainer> answersAsMesosDid() {
    return Exchange.FIXTURES.stream()
        .map(fixtures -> DynamicContainer.dynamicContainer(fixtures.getFirst(), replay(fixtures)));
  }

  /** The numbers, for whoever reads the output of the build. */
  @AfterAll
  static void tellWhatIsCovered() {
    Coverage.lines().forEach(System.out::println);
  }

  /** One test for each exchange, and one for the events of each stream when all is over. */
  private Stream<DynamicTest> replay(List<String> fixtures) {
    Replay replay = new Replay(workDir.resolve(fixtures.getFirst()));
    return Stream.concat(
        fixtures.stream()
            .flatMap(fixture -> Exchange.read(fixture).stream())
            .map(exchange ->
                DynamicTest.dynamicTest(exchange.name(), () -> replay.replay(exchange))),
        Stream.of(DynamicTest.dynamicTest("events", replay::compareStreams)));
  }

  private static void assertAllowed(String exchange, Collection<String> differences) {
    Set<String> allowed = AllowedDifferences.of(exchange);
    assertThat(differences).as(exchange).filteredOn(d -> !allowed.contains(d)).isEmpty();
    assertThat(allowed)
        .as(exchange + " is better")
        .filteredOn(d -> !differences.contains(d))
        .isEmpty();
  }

  /** Fixtures on their way through a cluster of their own. */
  private static final class Replay {
    private final Path workDir;
    private TestCluster cluster;
    private Replayer replayer;

    private Replay(Path workDir) {
      this.workDir = workDir;
    }

    private void replay(Exchange exchange) throws IOException {
      if (cluster == null) {
        List<String> logDir = List.of("--log_dir=" + workDir.resolve("log"));
        cluster = new TestCluster(workDir, logDir, logDir);
        replayer = new Replayer(cluster.master(), cluster.agent());
      }
      List<String> differences = replayer.replay(exchange);
      if (!replayer.streams().contains(exchange.name())) {
        assertAllowed(exchange.name(), differences);
      }
    }

    private void compareStreams() throws IOException {
      try {
        assertThat(replayer.streams())
            .allSatisfy(stream -> assertAllowed(stream, replayer.differencesOf(stream)));
      } finally {
        replayer.close();
        cluster.close();
      }
    }
  }
}
