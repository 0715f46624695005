package io.perigee.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TimingsTest {
  private final Timings timings = new Timings("a/run");

  private Map<String, Double> values() {
    Map<String, Double> values = new TreeMap<>();
    timings.addTo(values);
    return values;
  }

  @Test
  void beforeTheFirstThereIsNothing() {
    assertThat(values()).isEmpty();
  }

  @Test
  void oneIsAllThereIs() {
    timings.add(2_500_000);
    assertThat(values())
        .containsOnlyKeys(
            "a/run_ms",
            "a/run_ms/count",
            "a/run_ms/max",
            "a/run_ms/min",
            "a/run_ms/p50",
            "a/run_ms/p90",
            "a/run_ms/p95",
            "a/run_ms/p99",
            "a/run_ms/p999",
            "a/run_ms/p9999")
        .containsEntry("a/run_ms", 2.5)
        .containsEntry("a/run_ms/count", 1.0)
        .containsEntry("a/run_ms/p9999", 2.5);
  }

  @Test
  void theLastThousandCount() {
    for (int i = 0; i < 1500; i++) {
      timings.add(i * 1_000_000L);
    }
    assertThat(values())
        .containsEntry("a/run_ms", 1499.0)
        .containsEntry("a/run_ms/count", 1000.0)
        .containsEntry("a/run_ms/min", 500.0)
        .containsEntry("a/run_ms/max", 1499.0)
        .containsEntry("a/run_ms/p50", 999.5);
  }
}
