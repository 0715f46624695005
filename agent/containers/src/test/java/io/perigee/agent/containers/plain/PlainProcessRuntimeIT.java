package io.perigee.agent.containers.plain;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.agent.containers.ContainerEnd;
import io.perigee.agent.containers.ContainerEnd.ExitRecord;
import io.perigee.agent.containers.ContainerEnd.LaunchFailure;
import io.perigee.agent.containers.ContainerId;
import io.perigee.agent.containers.ContainerSpec;
import io.perigee.agent.containers.ExitStatus;
import io.perigee.agent.containers.ExitStatus.Exited;
import io.perigee.agent.containers.Leftovers;
import io.perigee.agent.containers.RecordingListener;
import io.perigee.agent.containers.TaskSignal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What plain processes can do, and that they say what they cannot. */
@Timeout(120)
public class PlainProcessRuntimeIT {
  @TempDir private Path folder;
  private RecordingListener listener = new RecordingListener();
  private PlainProcessRuntime runtime = new PlainProcessRuntime(100, listener);
  private Leftovers leftovers;
  private int lastId;

  @BeforeEach
  void markProcesses() throws IOException {
    leftovers = new Leftovers(folder);
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    runtime.containers().forEach(runtime::kill);
    runtime.containers().forEach(listener::awaitEnd);
    runtime.close();
    leftovers.assertNone();
    assertThat(listener.violations()).isEmpty();
  }

  private ContainerSpec.Builder shell(String script) throws IOException {
    return spec("/bin/sh", "-c", script);
  }

  private ContainerSpec.Builder spec(String... argv) throws IOException {
    ContainerId id = new ContainerId("p" + ++lastId);
    Path container = Files.createDirectory(folder.resolve(id.value()));
    return ContainerSpec.builder(id, container)
        .argv(argv)
        .environment("PATH", "/usr/bin:/bin")
        .environment(leftovers.mark(), "1")
        .stdout(container.resolve("stdout"))
        .stderr(container.resolve("stderr"));
  }

  private ContainerId launch(ContainerSpec.Builder builder) {
    ContainerSpec spec = builder.build();
    runtime.launch(spec);
    return spec.id();
  }

  private ContainerEnd run(ContainerSpec.Builder builder) {
    return listener.awaitEnd(launch(builder));
  }

  private ExitStatus status(ContainerId id) {
    return ((ExitRecord) listener.awaitEnd(id)).status();
  }

  private void awaitOutput(ContainerId id, String text) {
    listener.awaitStart(id);
    Awaitility.await()
        .until(() -> Files.readString(folder.resolve(id.value()).resolve("stdout")).contains(text));
  }

  @Test
  void exitCodesComeBackAndAreMarkedAsInexact() throws IOException {
    List<ContainerId> ids = new ArrayList<>();
    for (int code = 0; code < 256; code += 5) {
      ids.add(launch(shell("exit " + code)));
    }
    for (int i = 0; i < ids.size(); i++) {
      ExitRecord record = (ExitRecord) listener.awaitEnd(ids.get(i));
      assertThat(record.status()).isEqualTo(new Exited(i * 5));
      assertThat(record.exact()).isFalse();
    }
    assertThat(status(launch(shell("kill -9 $$")))).isEqualTo(new Exited(137));
  }

  @Test
  void environmentDirectoryAndOutputAreTheGivenOnes() throws IOException {
    ContainerSpec.Builder builder = shell("echo \"$A\"; pwd; echo err >&2; env | wc -l");
    Path container = builder.build().folder();
    builder.environment("A", "a b").workingDirectory(Path.of("/usr"));
    assertThat(run(builder)).isInstanceOf(ExitRecord.class);
    // PATH, the mark, A, and PWD from the shell.
    assertThat(container.resolve("stdout")).hasContent("a b\n/usr\n4");
    assertThat(container.resolve("stderr")).hasContent("err");
  }

  @Test
  void whatCannotBeStartedFails() throws IOException {
    assertThat(run(spec("no-such-program")))
        .isEqualTo(new LaunchFailure("exec", "no-such-program: No such file or directory"));
    assertThat(run(spec("/etc/passwd")))
        .isEqualTo(new LaunchFailure("exec", "/etc/passwd: Permission denied"));
    assertThat(run(spec("true").workingDirectory(Path.of("/no/such"))))
        .isEqualTo(new LaunchFailure("cwd", "/no/such: No such file or directory"));
    assertThat(run(spec("true").user("somebody-else")))
        .isEqualTo(
            new LaunchFailure(
                "user", "Failed to switch to user 'somebody-else': needs the launcher"));
    assertThat(run(spec())).isEqualTo(new LaunchFailure("spec", "there is no command"));
  }

  @Test
  void childrenInTheSessionAreSignalledAndKilled() throws IOException {
    String child = "trap \"echo child; exit\" TERM; echo ready; while :; do sleep 0.01; done";
    ContainerId id =
        launch(shell("trap 'echo parent; exit 5' TERM; sh -c '" + child + "'; sleep 1000"));
    awaitOutput(id, "ready");
    assertThat(runtime.statistics(id))
        .hasValueSatisfying(seen -> assertThat(seen.processes()).isGreaterThanOrEqualTo(2));
    assertThat(runtime.signal(id, TaskSignal.TERM)).isTrue();
    assertThat(status(id)).isEqualTo(new Exited(5));
    assertThat(Files.readString(folder.resolve(id.value()).resolve("stdout")).lines())
        .contains("parent", "child");
    assertThat(runtime.signal(id, TaskSignal.TERM)).isFalse();

    ContainerId stubborn = launch(shell("trap '' TERM; sleep 1000 & echo ready; sleep 1000"));
    awaitOutput(stubborn, "ready");
    runtime.kill(stubborn);
    assertThat(status(stubborn)).isEqualTo(new Exited(137));
    assertThat(status(launch(shell("sleep 1000 & exit 3")))).isEqualTo(new Exited(3));
    assertThat(leftovers.processes()).isEmpty();
  }

  @Test
  void anotherAgentFindsWhatRunsAndKillsWhatWasToDie() throws IOException {
    ContainerId lasting = launch(spec("sleep", "1000"));
    ContainerId dying = launch(spec("sleep", "1000").dieWithAgent(true));
    ContainerId ended = launch(spec("true"));
    long pid = listener.awaitStart(lasting);
    listener.awaitStart(dying);
    listener.awaitEnd(ended);

    RecordingListener next = new RecordingListener();
    try (PlainProcessRuntime second = new PlainProcessRuntime(100, next)) {
      for (ContainerId id : List.of(lasting, dying, ended)) {
        second.reattach(id, folder.resolve(id.value()));
      }
      assertThat(next.awaitStart(lasting)).isEqualTo(pid);
      assertThat(((ExitRecord) next.awaitEnd(dying)).status()).isInstanceOf(ExitStatus.Lost.class);
      assertThat(((ExitRecord) next.awaitEnd(ended)).status()).isInstanceOf(ExitStatus.Lost.class);
      assertThat(status(dying)).isEqualTo(new Exited(137));
      second.kill(lasting);
      assertThat(((ExitRecord) next.awaitEnd(lasting)).status())
          .isInstanceOf(ExitStatus.Lost.class);
      assertThat(next.violations()).isEmpty();
    }
  }

  @Test
  void whatDiesWithTheAgentDiesWhenItCloses() throws IOException {
    ContainerId dying = launch(spec("sleep", "1000").dieWithAgent(true));
    long pid = listener.awaitStart(dying);
    runtime.close();
    Awaitility.await().until(() -> ProcessHandle.of(pid).isEmpty());
    listener = new RecordingListener();
    runtime = new PlainProcessRuntime(1, listener);
    ContainerId first = launch(spec("sleep", "1000"));
    assertThat(run(spec("true"))).isInstanceOf(LaunchFailure.class);
    runtime.kill(first);
    listener.awaitEnd(first);
  }

  @Test
  void itSaysWhatItCannotDo() {
    assertThat(runtime.describe().exactExits()).isFalse();
    assertThat(runtime.describe().namespaces()).isEmpty();
    assertThat(runtime.describe().limits()).isEmpty();
    assertThat(runtime.describe().notes()).hasSizeGreaterThan(3);
  }
}
