package io.perigee.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each benchmark still does what it measures; how fast that was is of no interest here. */
class SmallestFormIT {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  static List<String> names() {
    return Catalogue.all().stream().map(Benchmark::name).toList();
  }

  private int run(String... arguments) {
    return BenchmarksMain.run(new PrintStream(out, true, StandardCharsets.UTF_8), arguments);
  }

  private String text() {
    return out.toString(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @MethodSource("names")
  void figuresAreNumbersAndAtLeastOneStandsBesideAYardstick(String name) throws IOException {
    assertThat(run("--smallest", "--json", name)).isZero();

    int besideYardsticks = 0;
    for (String line : text().lines().toList()) {
      Map<String, Object> figure = JSON.std.mapFrom(line);
      assertThat(figure).containsEntry("benchmark", name).containsKeys("unit", "cores", "jdk");
      assertThat(number(figure.get("value"))).isNotNegative();
      if (figure.containsKey("p50")) {
        assertThat(number(figure.get("count"))).isPositive();
        assertThat(number(figure.get("p50"))).isPositive();
        assertThat(number(figure.get("p99"))).isGreaterThanOrEqualTo(number(figure.get("p50")));
      }
      if (figure.get("yardstick") instanceof Map<?, ?> yardstick) {
        assertThat(number(yardstick.get("value"))).isNotNegative();
        besideYardsticks++;
      }
    }
    assertThat(besideYardsticks).isPositive();
  }

  private static double number(Object value) {
    assertThat(value).isInstanceOf(Number.class);
    return ((Number) value).doubleValue();
  }

  @Test
  void theListNamesAll() {
    assertThat(run("--list")).isZero();
    assertThat(text().lines()).hasSameSizeAs(names()).allMatch(line -> !line.isBlank());
  }

  @Test
  void anUnknownNameIsRefused() {
    assertThat(run("no-such-benchmark")).isEqualTo(2);
    assertThat(text()).isEmpty();
  }

  @Test
  void peopleGetATable() {
    assertThat(run("--smallest", "allocation")).isZero();
    assertThat(text()).contains("cores", "allocation: ", "p95", "target <= 10 ms", "sort a double");
  }
}
