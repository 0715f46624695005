package io.perigee.endtoend.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perigee.endtoend.PerigeeProcess;
import io.perigee.endtoend.PerigeeProcess.Result;
import io.perigee.endtoend.TestCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Running tasks with the command, looking at them, and killing them. */
class RunIT {
  @TempDir static Path folder;
  private static TestCluster cluster;
  private static String master;

  @BeforeAll
  static void start() {
    cluster = new TestCluster(folder);
    master = cluster.master().getHostString() + ":" + cluster.master().getPort();
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private static List<String> run(String... arguments) {
    List<String> all = new ArrayList<>(List.of("run", "--master", master));
    all.addAll(List.of(arguments));
    return all;
  }

  private static Result ran(String... arguments) {
    return PerigeeProcess.run(run(arguments).toArray(String[]::new));
  }

  @Test
  void fiveInstancesPrintFiveOutputs() {
    Result result =
        ran("--instances", "5", "--name", "five", "--", "echo hello from $MESOS_TASK_ID; sleep 1");
    assertThat(result.errText()).isEmpty();
    assertThat(result.exitCode()).isZero();
    String id = result.out().getFirst().replaceAll("hello from (.*)-\\d", "$1");
    assertThat(id).matches("five-\\w{4}");
    assertThat(result.out())
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, 5).mapToObj(i -> "hello from " + id + "-" + i).toList());
  }

  @Test
  void theExitCodeOfTheTaskComesBackWithBothOutputs() {
    Result result = ran("--", "echo out; echo err >&2; exit 3");
    assertThat(result).isEqualTo(new Result(3, List.of("out"), List.of("err")));
    assertThat(ran("--", "sh", "-c", "kill -9 $$").exitCode()).isEqualTo(137);
    Result missing = ran("--", "no-such-program", "argument");
    assertThat(missing.exitCode()).isEqualTo(1);
    assertThat(missing.errText()).contains("no-such-program: No such file or directory");
  }

  @Test
  void severalArgumentsAreAProgramAndItsArgumentsAsTheyAre() {
    Result result = ran("-e", "A=b c", "--", "sh", "-c", "echo \"$1|$A\"", "sh", "$HOME *");
    assertThat(result).isEqualTo(new Result(0, List.of("$HOME *|b c"), List.of()));
  }

  @Test
  void muchOutputArrivesWhole() {
    Result result = ran("--", "seq 1 200000");
    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .isEqualTo(IntStream.rangeClosed(1, 200_000).mapToObj(String::valueOf).toList());
  }

  @Test
  void ctrlCKillsTheTasks() throws IOException {
    Path alive = folder.resolve("alive");
    String script = "echo started; while true; do touch " + alive + "; sleep 0.1; done";
    try (PerigeeProcess perigee = PerigeeProcess.start(run("--", script))) {
      perigee.awaitLine("started"::equals);
      perigee.interrupt();
      assertThat(perigee.awaitEnd().exitCode()).isEqualTo(130);
    }
    awaitDead(alive);
  }

  @Test
  void aReaderThatHasSeenEnoughEndsTheTasks() throws IOException {
    Path alive = folder.resolve("alive-too");
    String script = "while true; do touch " + alive + "; echo line; sleep 0.1; done";
    try (PerigeeProcess perigee = PerigeeProcess.start(run("--", script))) {
      perigee.awaitLine("line"::equals);
      perigee.closeOutput();
      assertThat(perigee.awaitEnd().exitCode()).isEqualTo(1);
    }
    awaitDead(alive);
  }

  /** Nobody touches the file any more. */
  private static void awaitDead(Path alive) throws IOException {
    await()
        .atMost(PerigeeProcess.PATIENCE)
        .until(() -> {
          Files.deleteIfExists(alive);
          Thread.sleep(500);
          return !Files.exists(alive);
        });
  }

  @Test
  void aTaskIsListedFollowedAndKilled() {
    try (PerigeeProcess perigee =
        PerigeeProcess.start(run("--name", "long", "--", "echo one; echo two; sleep 1000"))) {
      perigee.awaitLine("two"::equals);
      Result tasks = PerigeeProcess.run("tasks", "--master", master);
      String id =
          tasks.out().stream()
              .filter(line -> line.startsWith("long-") && line.contains("TASK_RUNNING"))
              .findFirst()
              .orElseThrow()
              .split(" ")[0];
      Result last = PerigeeProcess.run("logs", "--master", master, "--tail", "1", id);
      assertThat(last).isEqualTo(new Result(0, List.of("two"), List.of()));
      assertThat(PerigeeProcess.run("frameworks", "--json", "--master", master).out())
          .anyMatch(line -> line.strip().equals("\"name\" : \"long\","));
      try (PerigeeProcess logs =
          PerigeeProcess.start(List.of("logs", "--master", master, "-f", id))) {
        logs.awaitLine("two"::equals);
        assertThat(PerigeeProcess.run("kill", "--master", master, "long").out())
            .containsExactly("killing " + id);
        assertThat(perigee.awaitEnd().exitCode()).isEqualTo(143);
        assertThat(logs.awaitEnd().exitCode()).isZero();
      }
      Result again = PerigeeProcess.run("kill", "--master", master, id);
      assertThat(again.exitCode()).isEqualTo(1);
      assertThat(again.errText()).contains("has ended already: TASK_KILLED");
    }
  }
}
