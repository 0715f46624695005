package io.perigee.endtoend.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.endtoend.PerigeeProcess;
import io.perigee.endtoend.PerigeeProcess.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Configuration files, from sample to start. */
class ConfigIT {
  @TempDir Path folder;

  @Test
  void aSampleIsCheckedAndFilledInAndCheckedAgain() throws IOException {
    Result sample = PerigeeProcess.run("config", "sample", "--role=agent");
    assertThat(sample.exitCode()).isZero();
    Path file = folder.resolve("agent.yml");
    Files.write(file, sample.out());

    Result unfilled = PerigeeProcess.run("config", "check", file.toString());
    assertThat(unfilled.exitCode()).isEqualTo(1);
    assertThat(unfilled.out().getFirst()).isEqualTo(file + ": 2 problems");

    Files.writeString(
        file,
        Files.readString(file)
            .replace("#master:", "master: 127.0.0.1:5050")
            .replace("#work-dir:", "work-dir: " + folder.resolve("work")));
    Result filled = PerigeeProcess.run("config", "check", file.toString());
    assertThat(filled.out()).containsExactly(file + ": ok (2 options set)");
    assertThat(filled.exitCode()).isZero();

    Result shown =
        PerigeeProcess.run("config", "show", "--role=agent", "--config=" + file, "--", "--port=7");
    assertThat(shown.exitCode()).isZero();
    assertThat(shown.out())
        .anyMatch(line -> line.matches("port +7 +--port"))
        .anyMatch(line -> line.matches("master +127.0.0.1:5050 +" + file + ":\\d+"));
  }

  @Test
  void aDaemonTellsTheLineOfWhatIsWrongWithAllElse() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("any"), "agent-ping-timeot: 1secs\nhostname: a b\nport: \"50");
    Result master =
        PerigeeProcess.run("master", "--config=" + file, "--ip=127.0.0.1", "--offer_timeout=soon");

    assertThat(master.exitCode()).isEqualTo(2);
    assertThat(master.errText())
        .contains(
            file + ":1: unknown option 'agent-ping-timeot' (did you mean 'agent-ping-timeout'?)")
        .contains(file + ":2: hostname: 'a b' is no name of a host")
        .contains(file + ":3:10: not YAML: while scanning a quoted scalar")
        .contains("--offer_timeout: 'soon' is not valid");
  }

  @Test
  void wrongCommandLinesExitWithTwo() {
    assertThat(PerigeeProcess.run("config").exitCode()).isEqualTo(2);
    assertThat(PerigeeProcess.run("config", "sample").exitCode()).isEqualTo(2);
    assertThat(PerigeeProcess.run("config", "check", "/x/y.yml").exitCode()).isEqualTo(2);
    Result role = PerigeeProcess.run("config", "show", "--role=king");
    assertThat(role.exitCode()).isEqualTo(2);
    assertThat(role.errText()).contains("'king'").contains("master, agent");
  }

  @Test
  void tabCompletionKnowsThem() {
    assertThat(PerigeeProcess.run("completion").out())
        .anyMatch(line -> line.contains("_picocli_perigee_config_check()"))
        .anyMatch(line -> line.contains("local commands=\"check show sample\""));
  }
}
