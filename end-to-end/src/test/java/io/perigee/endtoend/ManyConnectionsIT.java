package io.perigee.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections that say nothing, or say too much before they come to the point. */
final class ManyConnectionsIT {
  private static final int IDLE = 3000;

  /** Both ends of each are in this process. */
  private static final int FILES_NEEDED = 2 * IDLE + 500;

  @TempDir private Path workDir;
  private TestCluster cluster;

  @BeforeEach
  void startCluster() {
    cluster = new TestCluster(workDir);
  }

  @AfterEach
  void endCluster() {
    cluster.close();
  }

  private void assertThatTasksRun() throws IOException {
    try (TestFramework framework = new TestFramework(cluster.master(), "good")) {
      assertThat(framework.run("good", "true")).endsWith("TASK_FINISHED");
    }
  }

  @Test
  void masterAnswersBesideThousandsOfIdleConnections() throws IOException {
    assumeThat(ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class))
        .satisfies(os -> assertThat(os.getMaxFileDescriptorCount()).isGreaterThan(FILES_NEEDED));
    List<RawHttp> idle = new ArrayList<>();
    try {
      for (int i = 0; i < IDLE; i++) {
        idle.add(new RawHttp(cluster.master()));
      }
      assertThatTasksRun();
      for (RawHttp http : List.of(idle.getFirst(), idle.getLast())) {
        assertThat(http.send("GET /health HTTP/1.1\r\nHost: x\r\n\r\n").readAnswer().status())
            .isEqualTo(200);
      }
    } finally {
      for (RawHttp http : idle) {
        http.close();
      }
    }
    assertThatTasksRun();
  }

  @Test
  void headersWithoutEndAreRefused() throws IOException {
    String start = "GET /state HTTP/1.1\r\nHost: x\r\n";
    for (String bomb :
        List.of(
            ("X-Bomb: " + "x".repeat(100) + "\r\n").repeat(1000),
            "X: y\r\n".repeat(20_000),
            "X-Bomb: " + "x".repeat(100_000))) {
      try (RawHttp http = new RawHttp(cluster.master())) {
        assertThat(http.send(start + bomb).readHead().status()).isEqualTo(431);
      }
    }
    assertThatTasksRun();
  }
}
