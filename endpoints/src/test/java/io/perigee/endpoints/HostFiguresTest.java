package io.perigee.endpoints;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.mesos.v1.Metric;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HostFiguresTest {
  private static final HostFigures HOST = new HostFigures(2, 4096, 1024, List.of(2.5, 20.0, 17.0));

  @Test
  void statisticsHaveTheFormOfMesos() {
    assertThat(new String(JsonAnswers.bytes(HOST::writeObject), UTF_8))
        .isEqualTo(
            "{\"avg_load_15min\":17.0,\"avg_load_1min\":2.5,\"avg_load_5min\":20.0,"
                + "\"cpus_total\":2,\"mem_free_bytes\":1024,\"mem_total_bytes\":4096}");
  }

  @Test
  void withoutLoadsTheyAreLeftOut() {
    HostFigures host = new HostFigures(2, 4096, 1024, List.of());
    assertThat(host.metrics())
        .containsOnlyKeys("system/cpus_total", "system/mem_total_bytes", "system/mem_free_bytes");
    assertThat(new String(JsonAnswers.bytes(host::writeObject), UTF_8))
        .startsWith("{\"cpus_total\":2");
  }

  @Test
  void metricsOfTheHostJoinThoseOfTheProcess() {
    List<String> names =
        MetricsJson.messages(Map.of("zzz", 1.0, "aaa", 2.0)).stream().map(Metric::getName).toList();
    assertThat(names).startsWith("aaa").endsWith("zzz").contains("system/cpus_total").isSorted();
  }
}
