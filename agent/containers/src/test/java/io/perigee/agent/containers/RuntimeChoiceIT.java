package io.perigee.agent.containers;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.agent.containers.ContainerEnd.ExitRecord;
import io.perigee.agent.containers.ExitStatus.Exited;
import io.perigee.agent.containers.cgroup.CgroupPolicy;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuntimeChoiceIT {
  @TempDir private Path folder;
  private final RecordingListener listener = new RecordingListener();

  private final CgroupPolicy cgroups = new CgroupPolicy("perigee-it-" + UUID.randomUUID(), false);

  private RuntimeChoice choose(Path launcherDirectory) {
    return RuntimeChoice.make(new RuntimeOptions(launcherDirectory, cgroups, 10), listener);
  }

  @AfterEach
  void removeCgroups() throws IOException {
    try (DirectoryStream<Path> mounts = Files.newDirectoryStream(Path.of("/sys/fs/cgroup"))) {
      for (Path mount : mounts) {
        Files.deleteIfExists(mount.resolve(cgroups.root()));
      }
    }
  }

  private void runsSomething(RuntimeChoice choice, String name) throws IOException {
    try (ContainerRuntime runtime = choice.runtime()) {
      assertThat(runtime.describe().name()).isEqualTo(name);
      ContainerId id = new ContainerId("c-" + name);
      runtime.launch(
          ContainerSpec.builder(id, Files.createDirectory(folder.resolve(id.value())))
              .argv("/bin/sh", "-c", "exit 3")
              .build());
      ExitRecord record = (ExitRecord) listener.awaitEnd(id);
      assertThat(record.status()).isEqualTo(new Exited(3));
      assertThat(record.exact()).isEqualTo(runtime.describe().exactExits());
    }
  }

  @Test
  void theLauncherIsTakenWhereItWorksAndItsFileIsUsedAgain() throws IOException {
    Path directory = folder.resolve("bin");
    RuntimeChoice first = choose(directory);
    if (!first.runtime().describe().name().equals("launcher")) {
      Assumptions.abort(first.reason());
    }
    assertThat(first.reason()).startsWith("the launcher works here (");
    runsSomething(first, "launcher");
    Path binary = onlyFileOf(directory);
    assertThat(binary.getFileName().toString()).matches("perigee-launcher-[0-9a-f]{16}");
    Object inode = Files.getAttribute(binary, "unix:ino");
    choose(directory).runtime().close();
    assertThat(Files.getAttribute(onlyFileOf(directory), "unix:ino")).isEqualTo(inode);
    Files.writeString(binary, "damaged");
    choose(directory).runtime().close();
    assertThat(onlyFileOf(directory).toFile().length()).isGreaterThan(100_000);
  }

  private static Path onlyFileOf(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.reduce((a, b) -> directory).orElseThrow();
    }
  }

  @Test
  void plainProcessesAreTakenWhereItDoesNotAndTheReasonIsTold() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    RuntimeChoice choice = choose(file);
    assertThat(choice.reason()).contains(file.toString());
    runsSomething(choice, "processes");
  }
}
