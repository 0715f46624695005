package io.perigee.agent.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SandboxGcIT {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration LONG = Duration.ofDays(36_500);

  @TempDir Path workDir;

  private Path sandbox(String agent, String executor, String run) throws IOException {
    Path sandbox =
        workDir.resolve("slaves/" + agent + "/frameworks/F/executors/" + executor + "/runs/" + run);
    Files.createDirectories(sandbox.resolve("deep/er"));
    Files.writeString(sandbox.resolve("deep/er/file"), "x");
    return sandbox;
  }

  private static void ended(SandboxGc gc, Path sandbox, Instant at) {
    gc.sandboxEnded(sandbox, sandbox.resolveSibling("latest"), at);
  }

  /** Source: mesos/src/slave/slave.cpp, Slave::age: gc_delay * max(0, 1 - headroom - usage). */
  @ParameterizedTest
  @CsvSource({"0, 90", "0.4, 50", "0.85, 5", "0.9, 0", "0.95, 0", "1, 0"})
  void theFullerTheDiskTheSoonerItIsEmptied(double usage, long days) {
    assertThat(SandboxGc.allowedAge(Duration.ofDays(100), usage))
        .isBetween(Duration.ofDays(days).minusSeconds(1), Duration.ofDays(days).plusSeconds(1));
  }

  @Test
  void whatIsOldEnoughIsDeletedWithWhatBecomesEmpty() throws Exception {
    Path old = sandbox("S0", "e1", "r1");
    Files.createSymbolicLink(old.resolveSibling("latest"), old);
    Path young = sandbox("S0", "e2", "r1");
    SandboxGc gc = new SandboxGc(workDir, LONG);
    ended(gc, young, NOW);
    ended(gc, old, NOW.minus(LONG).minusSeconds(1));

    gc.collect(NOW);
    assertThat(workDir.resolve("slaves/S0/frameworks/F/executors"))
        .isDirectoryNotContaining("glob:**/e1");
    assertThat(young.resolve("deep/er/file")).hasContent("x");

    gc.collect(NOW.plus(LONG).plusSeconds(1));
    assertThat(workDir.resolve("slaves/S0/frameworks")).isEmptyDirectory();
  }

  @Test
  void anotherRunOfTheExecutorKeepsItsLink() throws Exception {
    Path old = sandbox("S0", "e1", "r1");
    Path next = sandbox("S0", "e1", "r2");
    Path latest = Files.createSymbolicLink(old.resolveSibling("latest"), next);
    SandboxGc gc = new SandboxGc(workDir, Duration.ZERO);
    ended(gc, old, NOW.minusSeconds(1));

    gc.collect(NOW);
    assertThat(old).doesNotExist();
    assertThat(latest).isSymbolicLink().isDirectory();
  }

  /** Of an executor without a process of its own nothing is left after the last of its tasks. */
  @Test
  void sandboxesWithinAnExecutorsGoWithItsLast() throws Exception {
    Path run = workDir.resolve("slaves/S0/frameworks/F/executors/pod/runs/r1");
    SandboxGc gc = new SandboxGc(workDir, Duration.ZERO);
    for (String task : List.of("t1", "t2")) {
      Path sandbox = run.resolve("containers/" + task + "-id");
      Path link = run.resolve("tasks/" + task);
      Sandboxes.create(sandbox, link, null);
      gc.sandboxEnded(sandbox, link, NOW.plusSeconds(task.equals("t1") ? -1 : 1));
    }

    gc.collect(NOW);
    assertThat(run.resolve("containers/t1-id")).doesNotExist();
    assertThat(run.resolve("tasks/t1")).doesNotExist();
    assertThat(run.resolve("tasks/t2")).isDirectory();

    gc.collect(NOW.plusSeconds(2));
    assertThat(workDir.resolve("slaves/S0/frameworks")).isEmptyDirectory();
    assertThat(gc.metrics())
        .containsEntry("gc/path_removals_succeeded", 2.0)
        .containsEntry("gc/path_removals_failed", 0.0)
        .containsEntry("gc/path_removals_pending", 0.0)
        .containsEntry("slave/executor_directory_max_allowed_age_secs", 0.0);
  }

  /** A task may link to what it cannot delete itself. */
  @Test
  void linksAreDeletedAndNotFollowed() throws Exception {
    Path precious = Files.createDirectory(workDir.resolve("precious"));
    Files.writeString(precious.resolve("file"), "x");
    Path sandbox = sandbox("S0", "e1", "r1");
    Files.createSymbolicLink(sandbox.resolve("link"), precious);
    Files.createSymbolicLink(sandbox.resolve("link2"), precious.resolve("file"));
    Files.createSymbolicLink(sandbox.resolve("loop"), sandbox);
    SandboxGc gc = new SandboxGc(workDir, Duration.ZERO);
    ended(gc, sandbox, NOW.minusSeconds(1));

    gc.collect(NOW);
    assertThat(sandbox).doesNotExist();
    assertThat(precious.resolve("file")).hasContent("x");
  }

  @Test
  void oneThatIsGoneOrCannotBeDeletedDoesNotStopTheOthers() throws Exception {
    Path other = sandbox("S0", "e2", "r1");
    SandboxGc gc = new SandboxGc(workDir, Duration.ZERO);
    ended(gc, workDir.resolve("slaves/S0/frameworks/F/executors/none/runs/r"), NOW.minusSeconds(9));
    ended(gc, other.resolve("deep/er/file/x"), NOW.minusSeconds(8));
    ended(gc, other, NOW.minusSeconds(7));

    gc.collect(NOW);
    assertThat(other).doesNotExist();
  }

  @Test
  void sandboxesOfEarlierAgentsAreTakenUpByTheirAge() throws Exception {
    Path left = sandbox("S0", "e1", "r1");
    Path fresh = sandbox("S0", "e1", "r2");
    Files.setLastModifiedTime(left, FileTime.from(NOW.minus(Duration.ofDays(9))));
    Files.setLastModifiedTime(fresh, FileTime.from(NOW));
    SandboxGc gc = new SandboxGc(workDir, Duration.ofDays(7));

    gc.adopt(gc.leftOvers());
    gc.collect(NOW);
    assertThat(left).doesNotExist();
    assertThat(fresh).isDirectory();
  }

  /** The search takes its time; tasks that start meanwhile have a sandbox then, and use it. */
  @Test
  void sandboxesOfThisAgentAreNoLeftOvers() throws Exception {
    SandboxGc gc = new SandboxGc(workDir, Duration.ZERO);
    sandbox("S0", "e1", "r1");
    var leftOvers = gc.leftOvers();
    Path inUse = sandbox("S1", "e1", "r1");
    Files.setLastModifiedTime(inUse, FileTime.from(NOW.minusSeconds(1)));

    gc.adopt(leftOvers);
    gc.collect(Instant.now().plusSeconds(60));
    assertThat(inUse).isDirectory();
    assertThat(workDir.resolve("slaves/S0/frameworks")).isEmptyDirectory();
  }

  @Test
  void anEmptyWorkDirectoryHasNoLeftOvers() {
    assertThat(new SandboxGc(workDir, Duration.ZERO).leftOvers()).isEmpty();
  }
}
