package io.perigee.agent.containers.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.agent.containers.ContainerEnd;
import io.perigee.agent.containers.ContainerEnd.ExitRecord;
import io.perigee.agent.containers.ContainerEnd.LaunchFailure;
import io.perigee.agent.containers.ContainerId;
import io.perigee.agent.containers.ContainerSpec;
import io.perigee.agent.containers.ContainerStatistics;
import io.perigee.agent.containers.ExitStatus.Exited;
import io.perigee.agent.containers.ExitStatus.Signaled;
import io.perigee.agent.containers.ProcessLimit;
import io.perigee.agent.containers.TaskSignal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the launcher promises with and without namespaces, to root and to others. */
@Timeout(120)
abstract class LauncherContract {
  /** Signals that end a program by default (signal(7)), and three real-time ones. */
  private static final List<Integer> DEADLY =
      List.of(
          1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 24, 25, 26, 27, 29, 30, 31, 34, 40,
          64);

  LauncherLab lab;

  abstract LauncherLab newLab(Path folder) throws IOException;

  @BeforeEach
  void start(@TempDir Path folder) throws IOException {
    lab = newLab(folder);
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    lab.close();
  }

  @Test
  void everyExitCodeComesBack() throws IOException {
    List<ContainerId> ids = new ArrayList<>();
    for (int code = 0; code < 256; code++) {
      ids.add(lab.launch(lab.shell("exit " + code)));
    }
    for (int code = 0; code < 256; code++) {
      ExitRecord record = (ExitRecord) lab.listener.awaitEnd(ids.get(code));
      assertThat(record.status()).isEqualTo(new Exited(code));
      assertThat(record.exact()).isTrue();
      assertThat(record.oomKilled()).isFalse();
      assertThat(record.leftCgroups()).isZero();
      assertThat(record.leftProcesses()).isZero();
    }
  }

  @Test
  void everyDeadlySignalComesBackAsItself() throws IOException {
    List<ContainerId> ids = new ArrayList<>();
    for (int signal : DEADLY) {
      // No core files in the test's folder.
      ids.add(
          lab.launch(
              lab.shell("kill -" + signal + " $$; sleep 100")
                  .processLimit(new ProcessLimit(ProcessLimit.Resource.CORE, 0, 0))));
    }
    for (int i = 0; i < ids.size(); i++) {
      ExitRecord record = (ExitRecord) lab.listener.awaitEnd(ids.get(i));
      assertThat(record.status()).isEqualTo(new Signaled(DEADLY.get(i), false));
    }
  }

  @Test
  void aKilledProgramDiffersFromOneThatExitsWith137() throws IOException {
    assertThat(lab.runToStatus(lab.shell("kill -9 $$"))).isEqualTo(new Signaled(9, false));
    assertThat(lab.runToStatus(lab.shell("exit 137"))).isEqualTo(new Exited(137));
  }

  @Test
  void processesThatDetachThemselvesAreGoneWithTheMainOne() throws IOException {
    // Forks twice, each time into a session of its own, and ignores what can be ignored.
    String script =
        "trap '' TERM HUP; (setsid sh -c 'trap \"\" TERM HUP;"
            + " (setsid sh -c \"echo deep; sleep 1000\" &) ; sleep 1000' &) ;"
            + " while ! grep -q deep stdout; do sleep 0.01; done; exit 3";
    assertThat(lab.runToStatus(lab.shell(script))).isEqualTo(new Exited(3));
    assertThat(lab.leftovers.processes()).noneMatch(line -> line.contains("sleep"));
  }

  @Test
  void aForkBombDiesWithItsMainProcess() throws IOException {
    String bomb = "f() { while :; do sleep 0.05 & sleep 0.05 & wait; done; };";
    String script = bomb + " for i in 1 2 3 4 5 6 7 8; do f & done; sleep 0.3; exit 4";
    assertThat(lab.runToStatus(lab.shell(script))).isEqualTo(new Exited(4));
    assertThat(lab.leftovers.processes()).noneMatch(line -> line.contains("sleep"));
  }

  @ParameterizedTest
  @EnumSource(TaskSignal.class)
  void aSignalReachesChildrenToo(TaskSignal signal) throws IOException {
    // A shell lets its background children ignore INT and QUIT, so this one is in the foreground.
    String child =
        "trap \"echo child; exit\" " + signal + "; echo ready; while :; do sleep 0.01; done";
    String script = "trap 'echo parent; exit 5' " + signal + "; sh -c '" + child + "'; sleep 1000";
    ContainerId id = lab.launch(lab.shell(script));
    awaitOutput(id, "ready");
    assertThat(lab.runtime.signal(id, signal)).isTrue();
    assertThat(((ExitRecord) lab.listener.awaitEnd(id)).status()).isEqualTo(new Exited(5));
    assertThat(lab.stdout(id).lines()).contains("parent", "child");
  }

  @Test
  void anUnhandledTermEndsTheTaskWithThatSignal() throws IOException {
    ContainerId id = lab.launch(lab.spec("sleep", "1000"));
    lab.listener.awaitStart(id);
    lab.runtime.signal(id, TaskSignal.TERM);
    assertThat(((ExitRecord) lab.listener.awaitEnd(id)).status())
        .isEqualTo(new Signaled(15, false));
  }

  @Test
  void aProgramThatIgnoresTermDiesWhenKilled() throws IOException {
    ContainerId id =
        lab.launch(lab.shell("trap '' TERM; echo ready; while :; do sleep 0.01; done"));
    awaitOutput(id, "ready");
    assertThat(lab.runtime.signal(id, TaskSignal.TERM)).isTrue();
    // It can be seen to live on: its loop still makes children.
    long parent = lab.listener.awaitStart(id);
    assertThat(ProcessHandle.of(parent).map(ProcessHandle::isAlive)).contains(true);
    assertThat(lab.runtime.kill(id)).isTrue();
    assertThat(((ExitRecord) lab.listener.awaitEnd(id)).status()).isEqualTo(new Signaled(9, false));
    assertThat(lab.runtime.kill(id)).isFalse();
  }

  @Test
  void aContainerKilledAtOnceEndsOnce() throws IOException {
    for (int i = 0; i < 30; i++) {
      ContainerId id = lab.launch(lab.spec("sleep", "1000"));
      lab.runtime.kill(id);
      switch (lab.listener.awaitEnd(id)) {
        case LaunchFailure failure -> assertThat(failure.stage()).isEqualTo("killed");
        case ExitRecord record -> assertThat(record.status()).isEqualTo(new Signaled(9, false));
      }
    }
  }

  @Test
  void theEnvironmentIsExactlyTheGivenOne() throws IOException {
    Map<String, String> given = new TreeMap<>();
    given.put("A", "");
    given.put("B", "two words = three\nand a line");
    given.put("Ü", "größer ☃ 𝄞");
    ContainerSpec.Builder builder = lab.spec("/usr/bin/env", "-0").environment(given);
    given.put("PATH", "/usr/bin:/bin");
    given.put(lab.leftovers.mark(), "1");
    Map<String, String> seen = new TreeMap<>();
    for (String entry : lab.output(builder).split("\0")) {
      int equals = entry.indexOf('=');
      seen.put(entry.substring(0, equals), entry.substring(equals + 1));
    }
    assertThat(seen).isEqualTo(given);
  }

  @Test
  void argumentsArriveAsTheyAre() throws IOException {
    String[] arguments = {
      "%s|",
      "",
      " ",
      "a\nb",
      "$HOME `id` \"'\\",
      "größer ☃ 𝄞",
      "\u0001\u007f",
      "-n",
      "x".repeat(100_000)
    };
    List<String> argv = new ArrayList<>(List.of("printf"));
    argv.addAll(List.of(arguments));
    String expected = String.join("|", List.of(arguments).subList(1, arguments.length)) + "|";
    assertThat(lab.output(lab.spec(argv.toArray(String[]::new)))).isEqualTo(expected);
  }

  @Test
  void theProgramMayDifferFromItsFirstArgument() throws IOException {
    assertThat(
            lab.output(
                lab.spec("a-name", "-c", "tr '\\0' ' ' < /proc/$$/cmdline").executable("sh")))
        .startsWith("a-name -c");
  }

  @Test
  void aCommandAsLargeAsTheKernelTakesRunsAndALargerOneFails() throws IOException {
    List<String> argv = new ArrayList<>(List.of("true"));
    for (int i = 0; i < 15; i++) {
      argv.add("y".repeat(100_000));
    }
    assertThat(lab.runToStatus(lab.spec(argv.toArray(String[]::new)))).isEqualTo(new Exited(0));
    ContainerEnd tooLarge = lab.run(lab.spec("true", "z".repeat(200_000)));
    assertThat(tooLarge).isEqualTo(new LaunchFailure("exec", "true: Argument list too long"));
    ContainerSpec.Builder manyVariables = lab.spec("true");
    for (int i = 0; i < 70_000; i++) {
      manyVariables.environment("V" + i, "1");
    }
    assertThat(lab.run(manyVariables))
        .isEqualTo(new LaunchFailure("spec", "the specification has too many entries"));
  }

  @Test
  void theWorkingDirectoryIsTheGivenOne() throws IOException {
    Path directory = Files.createDirectory(lab.folder.resolve("with space and 'quote'"));
    assertThat(lab.output(lab.spec("pwd").workingDirectory(directory)))
        .isEqualTo(directory.toRealPath() + "\n");
    assertThat(lab.run(lab.spec("true").workingDirectory(lab.folder.resolve("none"))))
        .isEqualTo(
            new LaunchFailure("cwd", lab.folder.resolve("none") + ": No such file or directory"));
  }

  @Test
  void aProgramThatCannotBeRunFailsToLaunch() throws IOException {
    assertThat(lab.run(lab.spec("no-such-program")))
        .isEqualTo(new LaunchFailure("exec", "no-such-program: No such file or directory"));
    assertThat(lab.run(lab.spec("/no/such")))
        .isEqualTo(new LaunchFailure("exec", "/no/such: No such file or directory"));
    assertThat(lab.run(lab.spec("/etc/passwd")))
        .isEqualTo(new LaunchFailure("exec", "/etc/passwd: Permission denied"));
    assertThat(lab.run(lab.spec("/tmp")))
        .isEqualTo(new LaunchFailure("exec", "/tmp: Permission denied"));
    assertThat(lab.run(lab.spec("true").environment("PATH", "/nowhere")))
        .isEqualTo(new LaunchFailure("exec", "true: No such file or directory"));
    assertThat(lab.run(lab.spec())).isEqualTo(new LaunchFailure("spec", "there is no command"));
    assertThat(lab.run(lab.spec("a\0b")))
        .isEqualTo(new LaunchFailure("spec", "the command has a NUL character"));
    assertThat(lab.run(lab.spec("true").stdout(Path.of("/no/such/file"))))
        .isEqualTo(new LaunchFailure("stdout", "/no/such/file: No such file or directory"));
    assertThat(lab.run(lab.spec("true").user("no-such-user")))
        .isInstanceOfSatisfying(
            LaunchFailure.class,
            failure -> {
              assertThat(failure.stage()).isEqualTo("user");
              assertThat(failure.message())
                  .startsWith("Failed to get user information for 'no-such-user': ")
                  .contains("no such user");
            });
  }

  @Test
  void thePathOfTheTaskIsSearched() throws IOException {
    Path bin = Files.createDirectory(lab.folder.resolve("own"));
    Path program = Files.writeString(bin.resolve("own-program"), "#!/bin/sh\necho mine\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    assertThat(lab.output(lab.spec("own-program").environment("PATH", "/bin:" + bin)))
        .isEqualTo("mine\n");
  }

  @Test
  void outputIsAppendedAndReadFromNothing() throws IOException {
    ContainerSpec.Builder builder = lab.shell("cat; echo out; echo err >&2");
    Path folder = builder.build().folder();
    Files.writeString(folder.resolve("stdout"), "before\n");
    lab.runToExit(builder);
    assertThat(folder.resolve("stdout")).hasContent("before\nout");
    assertThat(folder.resolve("stderr")).hasContent("err");
  }

  @Test
  void theTaskInheritsNothing() throws IOException {
    String script =
        "ls /proc/self/fd; grep -E '^Sig(Blk|Ign)' /proc/self/status; umask; cat /proc/self/oom_score_adj";
    String output = lab.output(lab.shell(script));
    List<String> lines = output.lines().toList();
    // The fourth descriptor is the directory that ls reads.
    assertThat(lines.subList(0, 4)).containsExactly("0", "1", "2", "3");
    assertThat(lines.subList(4, lines.size()))
        .containsExactly("SigBlk:\t0000000000000000", "SigIgn:\t0000000000000000", "0022", "0");
  }

  @Test
  void theTaskLeadsASessionOfItsOwn() throws IOException {
    String output = lab.output(lab.shell("cut -d' ' -f1,6 /proc/$$/stat"));
    assertThat(output).matches("(\\d+) \\1\\n");
  }

  @Test
  void limitsOfTheKernelAreSet() throws IOException {
    assertThat(
            lab.output(
                lab.shell("ulimit -n; ulimit -c")
                    .processLimit(new ProcessLimit(ProcessLimit.Resource.NOFILE, 123, 456))
                    .processLimit(new ProcessLimit(ProcessLimit.Resource.CORE, 0, 0))))
        .isEqualTo("123\n0\n");
  }

  @Test
  void theRecordTellsWhenAndHowMuch() throws IOException {
    long before = System.currentTimeMillis() * 1_000_000L;
    ExitRecord record =
        lab.runToExit(lab.shell("i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; sleep 0.1"));
    assertThat(record.usage().startedNanos()).isGreaterThanOrEqualTo(before);
    assertThat(record.usage().endedNanos() - record.usage().startedNanos())
        .isGreaterThan(100_000_000L);
    assertThat(record.usage().userNanos()).isGreaterThan(10_000_000L);
    assertThat(record.usage().maxRssBytes()).isBetween(100_000L, 1_000_000_000L);
  }

  @Test
  void statisticsAreReadWhileItRuns() throws IOException {
    ContainerId id = lab.launch(lab.shell("sleep 1000 & sleep 1000 & while :; do :; done"));
    lab.listener.awaitStart(id);
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() ->
            assertThat(lab.runtime.statistics(id))
                .hasValueSatisfying((ContainerStatistics seen) -> {
                  assertThat(seen.processes()).isEqualTo(3);
                  assertThat(seen.userNanos()).isGreaterThan(50_000_000L);
                  assertThat(seen.memoryBytes()).isGreaterThan(0);
                  assertThat(seen.rssBytes()).isGreaterThan(0);
                }));
    lab.runtime.kill(id);
    lab.listener.awaitEnd(id);
    assertThat(lab.runtime.statistics(id)).isEmpty();
  }

  @Test
  void threeHundredContainersRunAtATime() throws IOException {
    List<ContainerId> ids = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      ids.add(
          lab.launch(lab.shell("trap 'exit 9' TERM; echo ready; while :; do sleep 1000; done")));
    }
    for (ContainerId id : ids) {
      lab.listener.awaitStart(id);
      awaitOutput(id, "ready");
    }
    assertThat(lab.runtime.containers()).containsExactlyInAnyOrderElementsOf(ids);
    ids.forEach(id -> lab.runtime.signal(id, TaskSignal.TERM));
    for (ContainerId id : ids) {
      assertThat(((ExitRecord) lab.listener.awaitEnd(id)).status()).isEqualTo(new Exited(9));
    }
    assertThat(lab.runtime.containers()).isEmpty();
  }

  @Test
  void moreContainersThanTheBoundFail() throws IOException {
    lab.runtime.close();
    lab.runtime = lab.newRuntime(2);
    ContainerId first = lab.launch(lab.spec("sleep", "1000"));
    ContainerId second = lab.launch(lab.spec("sleep", "1000"));
    assertThat(lab.run(lab.spec("true")))
        .isEqualTo(new LaunchFailure("launcher", "there are 2 containers already"));
    lab.runtime.kill(first);
    lab.listener.awaitEnd(first);
    assertThat(lab.runToStatus(lab.spec("true"))).isEqualTo(new Exited(0));
    lab.runtime.kill(second);
    lab.listener.awaitEnd(second);
  }

  void awaitOutput(ContainerId id, String text) {
    Awaitility.await("output '" + text + "' of " + id)
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(5))
        .ignoreException(NoSuchFileException.class)
        .until(() -> lab.stdout(id).contains(text));
  }
}
