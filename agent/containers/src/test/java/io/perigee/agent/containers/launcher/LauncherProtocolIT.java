package io.perigee.agent.containers.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.agent.containers.ContainerEnd.LaunchFailure;
import io.perigee.agent.containers.ContainerId;
import io.perigee.agent.containers.ContainerSpec;
import io.perigee.agent.containers.ExitStatus.Exited;
import io.perigee.agent.containers.RecordingListener;
import io.perigee.agent.containers.cgroup.CgroupPlan;
import io.perigee.common.SeededRandom;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nonsense in both directions, and the launcher's other verbs. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LauncherProtocolIT {
  @TempDir private Path folder;

  LauncherLab newLab(Path folder) throws IOException {
    return new LauncherLab(folder);
  }

  /** The launcher without the runtime. */
  private static final class RawLauncher implements AutoCloseable {
    private final Process process;
    private final OutputStream requests;
    private final BufferedReader events;

    private RawLauncher(Path binary) throws IOException {
      process = new ProcessBuilder(binary.toString(), "serve").start();
      requests = process.getOutputStream();
      events = process.inputReader(StandardCharsets.UTF_8);
      assertThat(events.readLine()).isEqualTo("perigee-launcher 1");
    }

    private void send(byte[] bytes) throws IOException {
      requests.write(bytes);
      requests.flush();
    }

    private String answerTo(String request) throws IOException {
      send((request + "\n").getBytes(StandardCharsets.UTF_8));
      return events.readLine();
    }

    /** Ends it by the end of its input. */
    @Override
    public void close() throws IOException {
      requests.close();
      try {
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
      }
      assertThat(process.exitValue()).isZero();
    }
  }

  @Test
  void nonsenseIsRefusedAndHarmsNothing() throws IOException {
    try (LauncherLab lab = newLab(folder);
        RawLauncher raw = new RawLauncher(lab.binary)) {
      assertThat(raw.answerTo("")).isEqualTo("refused - not a request with a container's id");
      assertThat(raw.answerTo("run")).isEqualTo("refused - not a request with a container's id");
      assertThat(raw.answerTo("run ../x /tmp/spec"))
          .isEqualTo("refused - not a request with a container's id");
      assertThat(raw.answerTo("run .x /tmp/spec"))
          .isEqualTo("refused - not a request with a container's id");
      assertThat(raw.answerTo("run x spec")).isEqualTo("refused x not an absolute path");
      assertThat(raw.answerTo("run x")).isEqualTo("refused x not an absolute path");
      assertThat(raw.answerTo("dance x")).isEqualTo("refused x unknown request");
      assertThat(raw.answerTo("kill x")).isEqualTo("refused x no such container");
      assertThat(raw.answerTo("kill x y")).isEqualTo("refused x unknown request");
      assertThat(raw.answerTo("signal x")).isEqualTo("refused x unknown request");
      assertThat(raw.answerTo("signal x 15")).isEqualTo("refused x no such container");
      assertThat(raw.answerTo("run x /" + "y".repeat(100_000)))
          .isEqualTo("refused - the line is too long");
      assertThat(raw.answerTo("run " + "i".repeat(256) + " /tmp/spec"))
          .isEqualTo("refused - not a request with a container's id");
      assertThat(raw.answerTo("kill x\0")).isEqualTo("refused - the line has a NUL");
      assertThat(raw.answerTo("run x /no/such/spec"))
          .startsWith("failed v=1 id=x outcome=failed stage=folder ")
          .endsWith(" text=No such file or directory");

      Path container = folder.resolve("good");
      write(container, lab.shell("sleep 1000").build(), "good");
      assertThat(raw.answerTo("run good " + container.resolve("spec"))).startsWith("started good ");
      assertThat(raw.answerTo("run good " + container.resolve("spec")))
          .isEqualTo("refused good this container is known already");
      assertThat(raw.answerTo("signal good 9"))
          .isEqualTo("refused good not a signal that is handed on");
      assertThat(raw.answerTo("signal good 99999999999999999999"))
          .isEqualTo("refused good not a signal that is handed on");
      assertThat(raw.answerTo("kill good")).contains(" outcome=signaled signal=9 ");
    }
  }

  @Test
  void randomBytesDoNotStopIt() throws IOException {
    long seed = System.nanoTime();
    SeededRandom random = new SeededRandom(seed);
    try (LauncherLab lab = newLab(folder);
        RawLauncher raw = new RawLauncher(lab.binary)) {
      for (int i = 0; i < 200; i++) {
        byte[] bytes = new byte[1 + random.nextInt(3000)];
        for (int j = 0; j < bytes.length; j++) {
          // No letters: nothing that could by chance be a request. Few lines: their answers wait.
          bytes[j] = (byte) (random.nextInt(100) == 0 ? '\n' : random.nextInt(64));
        }
        raw.send(bytes);
      }
      Path container = folder.resolve("after");
      write(container, lab.shell("exit 3").build(), "after");
      String answer = raw.answerTo("\nrun after " + container.resolve("spec"));
      while (answer.startsWith("refused ")) {
        answer = raw.events.readLine();
      }
      assertThat(answer).as("seed " + seed).startsWith("started after ");
      assertThat(raw.events.readLine()).contains(" outcome=exited code=3 ");
    }
  }

  @Test
  void damagedSpecificationsFailOrRunButAlwaysAnswer() throws IOException {
    long seed = System.nanoTime();
    SeededRandom random = new SeededRandom(seed);
    try (LauncherLab lab = newLab(folder);
        RawLauncher raw = new RawLauncher(lab.binary)) {
      int refused = 0;
      for (int i = 0; i < 200; i++) {
        ContainerSpec spec = lab.shell("exit 3").build();
        byte[] damaged = encode(spec);
        for (int hits = 1 + random.nextInt(3); hits > 0; hits--) {
          damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
        }
        if (random.nextInt(4) == 0) {
          damaged = Arrays.copyOf(damaged, random.nextInt(damaged.length));
        }
        Path file = Files.write(spec.folder().resolve("spec"), damaged);
        String answer = raw.answerTo("run " + spec.id() + " " + file);
        if (answer.startsWith("started " + spec.id() + " ")) {
          answer = raw.events.readLine();
        }
        assertThat(answer)
            .as("seed %d, round %d", seed, i)
            .matches("(exited|failed) v=1 id=" + spec.id() + " outcome=.*");
        refused += answer.contains("stage=spec") ? 1 : 0;
      }
      assertThat(refused).as("seed " + seed).isGreaterThan(50);
    }
  }

  @Test
  void anUnknownKeyIsRefused() throws IOException {
    try (LauncherLab lab = newLab(folder)) {
      ContainerSpec spec = lab.shell("exit 3").build();
      byte[] good = encode(spec);
      byte[] more = Arrays.copyOf(good, good.length + 6);
      System.arraycopy("new=1\0".getBytes(StandardCharsets.UTF_8), 0, more, good.length, 6);
      Files.write(spec.folder().resolve("spec"), more);
      assertThat(foreground(lab, spec))
          .containsExactly(
              "125",
              "failed v=1 id=- outcome=failed stage=spec oom=0 user_us=0 system_us=0"
                  + " max_rss_bytes=0 started_ns=0 ended_ns=0 left_processes=0 left_cgroups=0"
                  + " text=the specification has an entry that this launcher does not take: new");
    }
  }

  @Test
  void aContainerRunsInTheForegroundOnceAlone() throws IOException {
    try (LauncherLab lab = newLab(folder)) {
      ContainerSpec spec = lab.shell("exit 3").build();
      Files.write(spec.folder().resolve("spec"), encode(spec));
      List<String> first = foreground(lab, spec);
      assertThat(first).hasSize(3);
      assertThat(first.get(0)).isEqualTo("3");
      assertThat(first.get(1)).startsWith("started c1 ");
      assertThat(first.get(2)).startsWith("exited v=1 id=c1 outcome=exited code=3 ");
      assertThat(Files.readString(spec.folder().resolve("exit")))
          .isEqualTo(first.get(2).substring("exited ".length()) + "\n");
      assertThat(foreground(lab, spec))
          .containsExactly("75", "refused c1 this container was run already");
    }
  }

  /** The exit code, then the lines. */
  private static List<String> foreground(LauncherLab lab, ContainerSpec spec) throws IOException {
    Process process =
        new ProcessBuilder(lab.binary.toString(), "run", spec.folder().resolve("spec").toString())
            .start();
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      List<String> lines = new ArrayList<>(output.readAllLines());
      lines.addFirst(Integer.toString(process.waitFor()));
      return lines;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new AssertionError(stopped);
    }
  }

  private static byte[] encode(ContainerSpec spec) {
    return SpecFile.encode(spec, null, List.of(), CgroupPlan.NONE);
  }

  private static void write(Path container, ContainerSpec like, String id) throws IOException {
    Files.createDirectory(container);
    ContainerSpec spec =
        ContainerSpec.builder(new ContainerId(id), container)
            .argv(like.argv())
            .environment(like.environment())
            .build();
    Files.write(container.resolve("spec"), encode(spec));
  }

  @Test
  void aLauncherThatTalksNonsenseInBetweenIsUnderstood() throws IOException {
    try (LauncherLab lab = newLab(folder)) {
      lab.runtime.close();
      String nonsense =
          "#!/bin/sh\n"
              + "echo perigee-launcher 1\n"
              + "echo nonsense; echo; echo started; echo started x y z; echo exited v=2 id=c1\n"
              + "echo 'exited v=1 id=c1 outcome=exited code=3'\n"
              + "head -c 100000 /dev/zero | tr '\\0' x; echo\n"
              + "head -c 1000 /dev/urandom | tr '\\n' x; echo\n"
              + "exec "
              + lab.binary
              + " serve\n";
      List<String> command = List.of(script("nonsense", nonsense).toString());
      lab.runtime = LauncherRuntime.start(command, lab.host, lab.policy, 100, lab.listener);
      assertThat(lab.runToStatus(lab.shell("exit 4"))).isEqualTo(new Exited(4));
      assertThat(lab.runtime.counters().garbageLines()).isEqualTo(8);
    }
  }

  @Test
  void aLauncherOfAnotherVersionOrNoneIsNotUsed() throws IOException {
    RecordingListener listener = new RecordingListener();
    LauncherLab lab = newLab(folder);
    for (String body :
        List.of("echo perigee-launcher 2; exec sleep 1000", "echo hello", "exit 1")) {
      Path script = script("wrong", "#!/bin/sh\n" + body + "\n");
      assertThatThrownBy(() ->
              LauncherRuntime.start(
                  List.of(script.toString()), lab.host, lab.policy, 100, listener))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("does not work");
    }
    lab.close();
  }

  @Test
  void aContainerWithoutFolderFailsToLaunch() throws IOException {
    try (LauncherLab lab = newLab(folder)) {
      ContainerId id = new ContainerId("x");
      lab.runtime.launch(ContainerSpec.builder(id, folder.resolve("none")).argv("true").build());
      assertThat(lab.listener.awaitEnd(id))
          .isEqualTo(new LaunchFailure("folder", "Failed to write " + folder.resolve("none/spec")));
      assertThatThrownBy(
              () -> {
                lab.launch(lab.spec("sleep", "1000"));
                lab.runtime.reattach(lab.runtime.containers().iterator().next(), folder);
              })
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private Path script(String name, String text) throws IOException {
    Path script = Files.writeString(folder.resolve(name), text);
    return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
