package io.perigee.cli.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import io.perigee.common.Problems;
import io.perigee.common.option.Option;
import io.perigee.common.option.OptionOrigin;
import io.perigee.common.option.OptionTable;
import io.perigee.common.option.OptionValues;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

class ConfigCommandsTest {
  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private Path file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  private Path agentFile(String name) throws IOException {
    return file(
        name,
        """
        master: 10.0.0.1:5050
        work-dir: %s
        resources: {cpus: 1, mem: 64, disk: 1, ports: [5-6]}
        ip: 127.0.0.1
        """
            .formatted(folder.resolve("work")));
  }

  private int check(Object... arguments) {
    return run(new CheckCommand(folder), arguments);
  }

  private int show(Map<String, String> environment, Object... arguments) {
    return run(new ShowCommand(folder, environment), arguments);
  }

  private int run(Object command, Object... arguments) {
    List<String> texts = new ArrayList<>();
    for (Object argument : arguments) {
      texts.add(argument.toString());
    }
    return new CommandLine(command)
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .setExecutionExceptionHandler((failed, line, parsed) -> {
          err.append(failed.getMessage());
          return 9;
        })
        .execute(texts.toArray(String[]::new));
  }

  private List<?> json() throws IOException {
    return (List<?>) JSON.std.anyFrom(out.toString());
  }

  // check

  @Test
  void filesThatAreInstalledAreCheckedIfNoneIsNamed() throws IOException {
    Path master = file("master.yml", "ip: 127.0.0.1\n");
    Path agent = agentFile("agent.yml");

    assertThat(check()).isZero();
    assertThat(out.toString().lines())
        .containsExactly(master + ": ok (1 option set)", agent + ": ok (4 options set)");
    assertThat(folder.resolve("work")).as("nothing was made").doesNotExist();
  }

  @Test
  void theRoleSelectsAmongInstalledFiles() throws IOException {
    file("master.yml", "port: none\n");
    Path agent = agentFile("agent.yml");

    assertThat(check("--role=agent")).isZero();
    assertThat(out.toString()).isEqualTo(agent + ": ok (4 options set)\n");
  }

  @Test
  void withoutFilesThereIsNothingToBeRight() {
    assertThat(check()).isNotZero();
    assertThat(err.toString())
        .isEqualTo(
            "nothing to check: there is no %s/master.yml and no %s/agent.yml"
                .formatted(folder, folder));
  }

  @Test
  void allProblemsOfAllFilesAreTold() throws IOException {
    Path master = file("master.yml", "prot: 5050\nmin-allocatable-resources: ports:[1-2]\n");
    Path agent = file("agent.yml", "work-dir: /proc/1/status/x\n");

    assertThat(check(master, agent)).isEqualTo(1);
    assertThat(out.toString().lines())
        .satisfiesExactly(
            line -> assertThat(line).isEqualTo(master + ": 2 problems"),
            line ->
                assertThat(line)
                    .isEqualTo("  " + master + ":1: unknown option 'prot' (did you mean 'port'?)"),
            line -> assertThat(line).startsWith("  " + master + ":2: min-allocatable-resources: "),
            line -> assertThat(line).isEqualTo(agent + ": 2 problems"),
            line ->
                assertThat(line)
                    .startsWith("  " + agent + ":1: work-dir: /proc/1/status/x cannot be made"),
            line -> assertThat(line).startsWith("  --master is missing"));
  }

  /** Configuration tools validate a temporary file before they put it in place. */
  @Test
  void aFileOfAnyNameIsCheckedForARole() throws IOException {
    Path file = agentFile("agent.yml.4711~");

    assertThat(check(file)).isEqualTo(9);
    assertThat(err.toString()).contains("its name does not tell whose it is");
    assertThat(check("--role=agent", file)).isZero();
    assertThat(check("--role=master", file)).isEqualTo(1);
    assertThat(out.toString()).contains(file + ":1: unknown option 'master'");
  }

  @Test
  void theVerdictIsJsonForPrograms() throws IOException {
    Path master = file("master.yml", "port: x\ncluster: c\n");

    assertThat(check("--json", master)).isEqualTo(1);
    assertThat(json())
        .isEqualTo(
            List.of(
                Map.of(
                    "file",
                    master.toString(),
                    "role",
                    "master",
                    "ok",
                    false,
                    "options",
                    1,
                    "problems",
                    List.of(
                        master
                            + ":1: port: 'x' is not valid (expected: a whole number from 0 to"
                            + " 65535)"))));
  }

  // show

  @Test
  void eachOptionIsShownWithItsOrigin() throws IOException {
    Path file = file("master.yml", "cluster: main\nport: 1\nhostname: h\n");

    assertThat(show(Map.of("MESOS_HOSTNAME", "h2"), "--role=master", "--", "--port=3", "--no-such"))
        .isEqualTo(1);
    assertThat(out.toString().lines().map(line -> line.split(" +")))
        .contains(
            new String[] {"OPTION", "VALUE", "FROM"},
            new String[] {"cluster", "main", file + ":1"},
            new String[] {"hostname", "h2", "MESOS_HOSTNAME"},
            new String[] {"port", "3", "--port"},
            new String[] {"offer-timeout", "-", "default"},
            new String[] {"agent-ping-timeout", "15secs", "default"});
    assertThat(err.toString()).isEqualTo("perigee: unknown option --no-such (see --help)\n");
  }

  @Test
  void theFileIsThatOfTheOptionElseThatOfTheEnvironmentElseTheInstalledOne() throws IOException {
    file("agent.yml", "port: 1\n");
    Path other = file("other.yml", "port: 2\n");
    Path named = file("named.yml", "port: 3\n");
    Map<String, String> environment = Map.of("PERIGEE_CONFIG", other.toString());

    assertThat(show(environment, "--role=agent", "--config", named)).isZero();
    assertThat(show(environment, "--role=agent")).isZero();
    assertThat(show(Map.of(), "--role=agent")).isZero();
    assertThat(out.toString().lines().filter(line -> line.startsWith("port ")))
        .satisfiesExactly(
            line -> assertThat(line).contains(named + ":1"),
            line -> assertThat(line).contains(other + ":1"),
            line -> assertThat(line).contains("agent.yml:1"));
  }

  @Test
  void optionsAreJsonForPrograms() throws IOException {
    Path file = file("master.yml", "port: 1\n");

    assertThat(show(Map.of("PERIGEE_CLUSTER", "c"), "--role=master", "--json")).isZero();
    assertThat(new ArrayList<Object>(json()))
        .contains(
            Map.of("name", "port", "value", "1", "source", "file", "place", file + ":1"),
            Map.of(
                "name",
                "cluster",
                "value",
                "c",
                "source",
                "environment",
                "place",
                "PERIGEE_CLUSTER"),
            Map.of("name", "ip", "source", "default", "place", ""))
        .hasSize(Role.master.daemon().table().options().size());
  }

  // sample

  @ParameterizedTest
  @EnumSource
  void aSampleSetsNothing(Role role) throws IOException {
    OptionValues values = read(role, SampleFile.of(role), new Problems());

    assertThat(role.daemon().table().options())
        .filteredOn(values::isGiven)
        .containsExactly(OptionTable.CONFIG);
  }

  @ParameterizedTest
  @EnumSource
  void anyOptionOfASampleCanBeTakenIn(Role role) throws IOException {
    Problems problems = new Problems();
    OptionValues values =
        read(role, SampleFile.of(role).replaceAll("(?m)^#(?=[a-z])", ""), problems);

    for (Option<?> option : role.daemon().table().options()) {
      if (option.equals(OptionTable.CONFIG)) {
        continue;
      }
      if (option.defaultValue() == null) {
        assertThat(problems.texts())
            .anyMatch(p -> p.contains(" " + option.key() + ": has no value"));
      } else {
        assertThat(values.origin(option).kind()).isEqualTo(OptionOrigin.Kind.FILE);
        assertThat(values.text(option)).isEqualTo(option.defaultText());
      }
    }
    assertThat(problems.texts()).allMatch(problem -> problem.contains(": has no value"));
  }

  @ParameterizedTest
  @EnumSource
  void aSampleIsForPeopleToo(Role role) {
    assertThat(SampleFile.of(role).lines())
        .startsWith(
            "# Configuration of a perigee "
                + role
                + ", in YAML. Every option is here with"
                + " its default; take one in by")
        .contains("# ---- Network ----", role == Role.master ? "#port: 5050" : "#port: 5051")
        .allMatch(line -> line.length() <= 100);
  }

  private OptionValues read(Role role, String yaml, Problems problems) throws IOException {
    Path file = file(role.fileName(), yaml);
    return role.daemon().table().read(List.of("--config=" + file), Map.of(), problems);
  }
}
