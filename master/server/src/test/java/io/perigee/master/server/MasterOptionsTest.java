package io.perigee.master.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.common.Problems;
import io.perigee.common.option.OptionValues;
import io.perigee.master.core.MasterConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MasterOptionsTest {
  private final Problems problems = new Problems();

  private MasterConfig config(String... flags) {
    return MasterOptions.config(
        MasterOptions.TABLE.read(List.of(flags), Map.of(), problems), "M", 7, problems);
  }

  @Test
  void defaultsAreThoseOfTheCore() {
    assertThat(config()).isEqualTo(MasterConfig.defaults("M", 7));
    assertThat(problems.isEmpty()).isTrue();
  }

  @Test
  void everyOptionReachesTheCore() {
    MasterConfig config =
        config(
            "--agent_ping_timeout=2secs",
            "--max_agent_ping_timeouts=3",
            "--agent_reregister_timeout=11mins",
            "--offer_timeout=90secs",
            "--max_completed_frameworks=4",
            "--max_completed_tasks_per_framework=5",
            "--max_unreachable_tasks_per_framework=6",
            "--no-root_submissions",
            "--roles=a, b,,",
            "--allocation_interval=7ms",
            "--min_allocatable_resources=cpus:1|mem:2",
            "--filter_gpu_resources=false",
            "--fair_sharing_excluded_resource_names=gpus");

    assertThat(problems.texts()).isEmpty();
    assertThat(config.silenceLimit()).isEqualTo(Duration.ofSeconds(6));
    assertThat(config.agentReregisterTimeout()).isEqualTo(Duration.ofMinutes(11));
    assertThat(config.offerTimeout()).isEqualTo(Duration.ofSeconds(90));
    assertThat(config.maxCompletedFrameworks()).isEqualTo(4);
    assertThat(config.maxCompletedTasksPerFramework()).isEqualTo(5);
    assertThat(config.maxUnreachableTasksPerFramework()).isEqualTo(6);
    assertThat(config.rootSubmissions()).isFalse();
    assertThat(config.roles()).containsExactly("a", "b");
    assertThat(config.allocator().allocationIntervalNanos()).isEqualTo(7_000_000);
    assertThat(config.allocator().minAllocatable().alternatives()).hasSize(2);
    assertThat(config.allocator().toString()).contains("[gpus]");
  }

  /** Every option of the table, each as a file would have it, and not one at its default. */
  @Test
  void everyOptionIsReadFromAFile(@TempDir Path folder) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("master.yml"),
            """
            ip: 127.0.0.2
            port: 6050
            hostname: node-1
            cluster: main
            agent-ping-timeout: 2secs
            max-agent-ping-timeouts: 3
            agent-reregister-timeout: 11mins
            roles: a, b
            root-submissions: false
            allocation-interval: 7ms
            offer-timeout: 90secs
            min-allocatable-resources: cpus:1|mem:2
            filter-gpu-resources: false
            fair-sharing-excluded-resource-names: gpus
            max-completed-frameworks: 4
            max-completed-tasks-per-framework: 5
            max-unreachable-tasks-per-framework: 6
            tls-cert-file: cert.pem
            tls-key-file: key.pem
            tls-ca-file: ca.pem
            log-dir: /var/log/perigee
            """);
    OptionValues values = MasterOptions.TABLE.read(List.of("--config=" + file), Map.of(), problems);
    MasterConfig config = MasterOptions.config(values, "M", 7, problems);

    assertThat(problems.texts()).isEmpty();
    assertThat(MasterOptions.TABLE.options())
        .allMatch(values::isGiven)
        .noneMatch(option -> Objects.equals(values.text(option), option.defaultText()));
    assertThat(config.roles()).containsExactly("a", "b");
    assertThat(config.allocator().minAllocatable().alternatives()).hasSize(2);
  }

  @Test
  void aCheckTellsWhatStartingWould(@TempDir Path folder) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("master.yml"),
            """
            ip: 256.1.1.1.
            hostname: a b
            min-allocatable-resources: ports:[1-2]
            tls-key-file: /nowhere/key.pem
            """);
    MasterProcess.check(
        MasterOptions.TABLE.read(List.of("--config=" + file), Map.of(), problems), problems);

    assertThat(problems.texts())
        .extracting(text -> text.replaceAll("([a-z]): .*", "$1"))
        .containsExactlyInAnyOrder(
            file + ":1: ip",
            file + ":2: hostname",
            file + ":3: min-allocatable-resources",
            file + ":4: tls-key-file");
  }

  @Test
  void everythingThatIsWrongIsSaidAtOnce() {
    config(
        "--port=65536",
        "--min_allocatable_resources=ports:[1-2]",
        "--max_agent_ping_timeouts=0",
        "--root_submissions=maybe",
        "--agent_ping_timeot=1secs");

    assertThat(problems.texts())
        .hasSize(5)
        .anySatisfy(p -> assertThat(p).startsWith("--port: '65536'"))
        .anySatisfy(p -> assertThat(p).startsWith("--min_allocatable_resources: "))
        .anySatisfy(p -> assertThat(p).contains("whole number from 1 to 1000"))
        .anySatisfy(p -> assertThat(p).startsWith("--root_submissions: 'maybe'"))
        .anySatisfy(p -> assertThat(p).contains("did you mean --agent_ping_timeout?"));
  }

  /** Each of these made the loop spin, or its sums overflow. */
  @ParameterizedTest
  @CsvSource({
    "agent_ping_timeout, 0ns",
    "agent_ping_timeout, -1secs",
    "agent_ping_timeout, 15000weeks",
    "agent_reregister_timeout, 0ns",
    "agent_reregister_timeout, 15000weeks",
    "offer_timeout, 0ns",
    "offer_timeout, -1secs",
    "allocation_interval, -1ns",
    "allocation_interval, 31days"
  })
  void durationsHaveBounds(String option, String value) {
    config("--" + option + "=" + value);

    assertThat(problems.texts())
        .singleElement()
        .asString()
        .startsWith("--" + option + ": '" + value + "' is not valid (expected: from ");
  }

  @Test
  void theLongestSilenceFitsTheClock() {
    MasterConfig config = config("--agent_ping_timeout=30days", "--max_agent_ping_timeouts=1000");

    assertThat(problems.isEmpty()).isTrue();
    long in2100 = Duration.ofDays(130 * 365).toNanos();
    assertThat(Math.addExact(config.silenceLimit().toNanos(), in2100)).isPositive();
  }
}
