package io.perigee.common.option;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.common.Problems;
import io.perigee.common.unit.DataSize;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OptionTableTest {
  private enum Sorter {
    DRF,
    RANDOM
  }

  private static final Option<Path> WORK_DIR =
      new Option<>("work_dir", OptionType.PATH, "Files", null, "Where it keeps its files.");
  private static final Option<Integer> PORT =
      new Option<>("port", OptionType.integer(0, 65535), "Network", 5050, "Port to listen on.");
  private static final Option<Duration> TIMEOUT =
      new Option<>(
          "offer_timeout", OptionType.DURATION, "Offers", Duration.ofSeconds(90), "Then rescind.");
  private static final Option<Boolean> QUIET =
      new Option<>("quiet", OptionType.BOOLEAN, "Logs", false, "Says less.");
  private static final Option<DataSize> CACHE =
      new Option<>("cache_size", OptionType.SIZE, "Files", new DataSize(2L << 30), "Cache.");
  private static final Option<Sorter> SORTER =
      new Option<>(
          "sorter", OptionType.oneOf(Sorter.class), "Offers", Sorter.DRF, "Order of roles.");
  private static final OptionTable TABLE =
      new OptionTable(List.of(WORK_DIR, PORT, TIMEOUT, QUIET, CACHE, SORTER));

  private final Problems problems = new Problems();

  private OptionValues read(Map<String, String> environment, String... arguments) {
    return TABLE.read(List.of(arguments), environment, problems);
  }

  @Test
  void defaults() {
    OptionValues values = read(Map.of());
    assertThat(problems.texts()).isEmpty();
    assertThat(values.find(WORK_DIR)).isNull();
    assertThat(values.get(PORT)).isEqualTo(5050);
    assertThat(values.isGiven(PORT)).isFalse();
    assertThat(values.texts())
        .isEqualTo(
            Map.of(
                "port",
                "5050",
                "offer_timeout",
                "90secs",
                "quiet",
                "false",
                "cache_size",
                "2GB",
                "sorter",
                "drf"));
  }

  @Test
  void everyOptionSetToAnotherValueInEverySpelling() {
    OptionValues values =
        read(
            Map.of("MESOS_PORT", "1", "MESOS_CACHE_SIZE", "1.5MB", "PERIGEE_CACHE_SIZE", "3KB"),
            "--work-dir=/x",
            "--offer_timeout",
            "2.5mins",
            "--quiet",
            "--sorter=random");
    assertThat(problems.texts()).isEmpty();
    assertThat(values.get(WORK_DIR)).isEqualTo(Path.of("/x"));
    assertThat(values.get(PORT)).isEqualTo(1);
    assertThat(values.get(TIMEOUT)).isEqualTo(Duration.ofSeconds(150));
    assertThat(values.get(QUIET)).isTrue();
    assertThat(values.get(CACHE)).isEqualTo(new DataSize(3072));
    assertThat(values.get(SORTER)).isEqualTo(Sorter.RANDOM);
  }

  @Test
  void flagWinsOverEnvironmentAndNoTurnsABooleanOff() {
    OptionValues values =
        read(Map.of("MESOS_PORT", "1", "MESOS_QUIET", "true"), "--port=2", "--no-quiet");
    assertThat(values.get(PORT)).isEqualTo(2);
    assertThat(values.get(QUIET)).isFalse();
  }

  @Test
  void everythingWrongIsReportedAtOnceWithTheNearestName() {
    read(
        Map.of("MESOS_OFFER_TIMEOUT", "soon"),
        "--work_dri=/x",
        "--port=70000",
        "--zzzzzz",
        "value",
        "--cache_size",
        "--sorter=best",
        "stray",
        "--no-port");
    assertThat(problems.texts())
        .containsExactly(
            "MESOS_OFFER_TIMEOUT: 'soon' is not valid (expected: a number with one of ns, us, ms,"
                + " secs, mins, hrs, days, weeks, such as 15secs)",
            "unknown option --work_dri (did you mean --work_dir?)",
            "--port: '70000' is not valid (expected: a whole number from 0 to 65535)",
            "unknown option --zzzzzz (see --help)",
            "--cache_size needs a value: --cache_size=SIZE",
            "--sorter: 'best' is not valid (expected: one of drf, random)",
            "'stray' is not an option (expected: --name=value)",
            "unknown option --no-port (see --help)");
  }
}
