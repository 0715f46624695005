package io.perigee.agent.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.agent.containers.cgroup.CgroupPolicy;
import io.perigee.common.Problems;
import io.perigee.common.option.OptionValues;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgentSettingsTest {
  @TempDir Path folder;
  private final Problems problems = new Problems();

  private AgentSettings read(String... flags) {
    List<String> all = new ArrayList<>(List.of("--master=127.0.0.1:5050", "--work_dir=" + folder));
    all.addAll(List.of(flags)); // The last of a name counts.
    OptionValues values = AgentOptions.TABLE.read(all, Map.of(), problems);
    return AgentSettings.read(values, problems);
  }

  @Test
  void whatIsNotSaidIsDetected() {
    AgentSettings settings = read();

    assertThat(problems.texts()).isEmpty();
    assertThat(settings.master()).isEqualTo(URI.create("http://127.0.0.1:5050"));
    assertThat(settings.workDir()).isEqualTo(folder);
    assertThat(settings.attributes()).isEmpty();
    assertThat(settings.executorEnvironment()).isEmpty();
    assertThat(settings.resources().thousandths("cpus")).isPositive();
    assertThat(settings.resources().toString()).contains("ports:[31000-32000]");
  }

  @Test
  void whatIsSaidIsTaken() {
    AgentSettings settings =
        read(
            "--resources=cpus:2.5;mem:100;disk:1;ports:[5-6]",
            "--attributes=rack:a;level:3",
            "--executor_environment_variables={\"A\": \"b\", \"C\": \"\"}",
            "--tls_ca_file=ca.pem",
            "--work_dir=" + folder.resolve("made/here"));

    assertThat(problems.texts()).isEmpty();
    assertThat(settings.resources().thousandths("cpus")).isEqualTo(2500);
    assertThat(settings.attributes()).hasSize(2);
    assertThat(settings.executorEnvironment())
        .containsExactlyInAnyOrderEntriesOf(Map.of("A", "b", "C", ""));
    assertThat(settings.master().getScheme()).isEqualTo("https");
    assertThat(folder.resolve("made/here")).isEmptyDirectory();
  }

  @Test
  void resourcesMayBeJson() {
    AgentSettings settings =
        read("--resources= [{\"name\":\"cpus\",\"type\":\"SCALAR\",\"scalar\":{\"value\":7}}]");

    assertThat(problems.texts()).isEmpty();
    assertThat(settings.resources().thousandths("cpus")).isEqualTo(7000);
  }

  @Test
  void everythingThatIsWrongIsSaidAtOnce() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "");
    read(
        "--master=nowhere",
        "--work_dir=" + file,
        "--resources=cpus:many",
        "--default_role=a b",
        "--attributes=rack",
        "--executor_environment_variables=[]",
        "--cgroups_root=/absolute",
        "--gc_delay=soon",
        "--colour=red");

    assertThat(problems.texts())
        .hasSizeGreaterThanOrEqualTo(9)
        .anySatisfy(p -> assertThat(p).startsWith("--master: 'nowhere' is no address"))
        .anySatisfy(p -> assertThat(p).startsWith("--work_dir: " + file + " cannot be written"))
        .anySatisfy(p -> assertThat(p).startsWith("--resources: "))
        .anySatisfy(p -> assertThat(p).startsWith("--default_role: "))
        .anySatisfy(p -> assertThat(p).startsWith("--attributes: "))
        .anySatisfy(p -> assertThat(p).startsWith("--executor_environment_variables: "))
        .anySatisfy(p -> assertThat(p).startsWith("--cgroups_root: not a cgroup root"))
        .anySatisfy(p -> assertThat(p).startsWith("--gc_delay: 'soon' is not valid"))
        .anySatisfy(p -> assertThat(p).startsWith("unknown option --colour"));
  }

  @Test
  void whatIsRequiredIsMissed() {
    AgentSettings.read(AgentOptions.TABLE.read(List.of(), Map.of(), problems), problems);

    assertThat(problems.texts())
        .containsExactlyInAnyOrder(
            "--work_dir is missing (expected: --work_dir=PATH, or 'work-dir: PATH' in the"
                + " configuration file)",
            "--master is missing (expected: --master=HOST:PORT, or 'master: HOST:PORT' in the"
                + " configuration file)");
  }

  /** Every option of the table, each as a file would have it, and not one at its default. */
  @Test
  void everyOptionIsReadFromAFile() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("agent.yml"),
            """
            master: 10.0.0.1:5050
            ip: 127.0.0.2
            port: 6051
            hostname: node-1
            registration-backoff-factor: 2secs
            resources: {cpus: 2.5, mem: 100, disk: 1, ports: [5-6]}
            default-role: batch
            attributes: {rack: a, level: 3}
            switch-user: false
            executor-environment-variables: {A: b}
            executor-registration-timeout: 2mins
            executor-shutdown-grace-period: 6secs
            cgroups-enable-cfs: true
            cgroups-root: mesos
            frameworks-home: /srv/frameworks
            fetcher-stall-timeout: 2mins
            fetcher-cache-size: 3GB
            fetcher-cache-dir: /srv/cache
            work-dir: %s
            gc-delay: 1days
            disk-watch-interval: 2mins
            log-dir: /var/log/perigee
            max-completed-executors-per-framework: 151
            tls-cert-file: cert.pem
            tls-key-file: key.pem
            tls-ca-file: ca.pem
            """
                .formatted(folder.resolve("work")));
    OptionValues values = AgentOptions.TABLE.read(List.of("--config=" + file), Map.of(), problems);
    AgentSettings settings = AgentSettings.check(values, problems);

    assertThat(problems.texts()).isEmpty();
    assertThat(AgentOptions.TABLE.options())
        .allMatch(values::isGiven)
        .noneMatch(option -> Objects.equals(values.text(option), option.defaultText()));
    assertThat(settings.master()).isEqualTo(URI.create("https://10.0.0.1:5050"));
    assertThat(settings.resources().toString())
        .contains("cpus(reservations: [(STATIC,batch)]):2.5");
    assertThat(settings.attributes()).hasSize(2);
    assertThat(settings.executorEnvironment()).containsExactly(Map.entry("A", "b"));
    assertThat(settings.cgroups()).isEqualTo(new CgroupPolicy("mesos", true));
    assertThat(folder.resolve("work")).as("a check makes nothing").doesNotExist();
  }

  @Test
  void whatAFileSaysWronglyIsToldWithItsLine() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("agent.yml"),
            """
            master: nowhere
            resources: {cpus: many}
            attributes: rack
            default-role: a b
            executor-environment-variables: "[]"
            cgroups-root: /x
            work-dir: %s/agent.yml/x
            fetcher-cache-dir: %s/agent.yml
            """
                .formatted(folder, folder));
    AgentSettings.check(
        AgentOptions.TABLE.read(List.of("--config=" + file), Map.of(), problems), problems);

    assertThat(problems.texts())
        .extracting(text -> text.replaceAll("([a-z]): .*", "$1"))
        .containsExactlyInAnyOrder(
            file + ":1: master",
            file + ":2: resources",
            file + ":3: attributes",
            file + ":4: default-role",
            file + ":5: executor-environment-variables",
            file + ":6: cgroups-root",
            file + ":7: work-dir",
            file + ":8: fetcher-cache-dir");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "host",
        "host:",
        "host:x",
        "host:0",
        ":5050",
        "ftp://host:21",
        "a b:1",
        "zk://a:2181/mesos"
      })
  void whatIsNoMasterIsRefused(String master) {
    read("--master=" + master);

    assertThat(problems.texts()).singleElement().asString().startsWith("--master: '" + master);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cpus",
        "cpus:-1",
        "cpus:1;mem:",
        "ports:[9-1]",
        "ports:[1-",
        "[{]",
        "[{\"name\":\"cpus\"}]",
        "[{\"name\":\"cpus\",\"type\":\"SCALAR\",\"scalar\":{\"value\":-7}}]",
        "[] }, \"port\": 3, {",
        "[], \"hostname\": \"x\""
      })
  void malformedResourcesAreRefused(String resources) {
    read("--resources=" + resources);

    assertThat(problems.texts()).singleElement().asString().startsWith("--resources: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "{\"A\":1}", "{\"A\":\"b\"} x", "\"A\"", "null", "{\"A\":null}"})
  void malformedEnvironmentIsRefused(String json) {
    read("--executor_environment_variables=" + json);

    assertThat(problems.texts())
        .singleElement()
        .asString()
        .contains("expected: {\"NAME\": \"value\"}");
  }

  /** A timer of no length, or a sum beyond all numbers, would end the process later. */
  @ParameterizedTest
  @CsvSource({
    "disk_watch_interval, 0ns",
    "disk_watch_interval, 999us",
    "registration_backoff_factor, 0ns",
    "registration_backoff_factor, 100000days",
    "executor_shutdown_grace_period, -1secs",
    "executor_shutdown_grace_period, 15000weeks",
    "gc_delay, -1ns"
  })
  void durationsHaveBounds(String option, String value) {
    read("--" + option + "=" + value);

    assertThat(problems.texts())
        .singleElement()
        .asString()
        .startsWith("--" + option + ": '" + value + "' is not valid (expected: from ");
  }
}
