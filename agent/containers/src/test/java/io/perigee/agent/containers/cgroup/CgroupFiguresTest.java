package io.perigee.agent.containers.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.agent.containers.ContainerStatistics;
import org.junit.jupiter.api.Test;

class CgroupFiguresTest {

  @Test
  void versionOneCountsInTicks() {
    assertThat(
            CgroupFigures.parse(
                "user 123\nsystem 4\n",
                "8192000\n",
                "cache 1\nrss 5\ntotal_cache 2\ntotal_rss 4096000\n",
                "12\n13\n14\n"))
        .isEqualTo(new ContainerStatistics(1_230_000_000L, 40_000_000L, 8_192_000, 4_096_000, 3));
  }

  @Test
  void versionTwoCountsInMicroseconds() {
    assertThat(
            CgroupFigures.parse(
                "usage_usec 15\nuser_usec 10\nsystem_usec 5\nnr_periods 0\n",
                "8192000\n",
                "anon 4096000\nfile 7\nanon_thp 1\n",
                ""))
        .isEqualTo(new ContainerStatistics(10_000, 5_000, 8_192_000, 4_096_000, 0));
  }
}
