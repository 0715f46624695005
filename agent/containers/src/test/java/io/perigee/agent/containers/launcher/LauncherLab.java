package io.perigee.agent.containers.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.agent.containers.ContainerEnd;
import io.perigee.agent.containers.ContainerEnd.ExitRecord;
import io.perigee.agent.containers.ContainerId;
import io.perigee.agent.containers.ContainerSpec;
import io.perigee.agent.containers.ExitStatus;
import io.perigee.agent.containers.Leftovers;
import io.perigee.agent.containers.RecordingListener;
import io.perigee.agent.containers.cgroup.CgroupMounts;
import io.perigee.agent.containers.cgroup.CgroupPolicy;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;

/** A launcher runtime in a folder of its own, and the assertion that nothing of it is left. */
final class LauncherLab implements AutoCloseable {
  final Path folder;
  final Path binary;
  final LauncherHost host;
  final Leftovers leftovers;
  final CgroupPolicy policy;
  RecordingListener listener = new RecordingListener();
  LauncherRuntime runtime;
  private final AtomicInteger lastId = new AtomicInteger();

  LauncherLab(Path folder) throws IOException {
    this(folder, true);
  }

  /**
   * @param namespaces whether those that this machine allows are used
   */
  LauncherLab(Path folder, boolean namespaces) throws IOException {
    this(folder, namespaces, binary(folder));
  }

  LauncherLab(Path folder, boolean namespaces, Path binary) throws IOException {
    this.folder = folder;
    this.binary = binary;
    this.leftovers = new Leftovers(folder);
    LauncherHost found = LauncherHost.probe(List.of(binary.toString()));
    this.host = namespaces ? found : new LauncherHost(found.uid(), List.of(), found.cgroups());
    this.policy = new CgroupPolicy("perigee-it-" + leftovers.mark(), false);
    this.runtime = newRuntime(1000);
  }

  /** Skips the test, saying why, in a build without launcher. */
  static Path binary(Path folder) {
    return switch (LauncherBinary.extract(folder.resolve("bin"))) {
      case LauncherBinary.Extraction.Ready(Path binary) -> binary;
      case LauncherBinary.Extraction.Unavailable(String reason) ->
          Assumptions.abort("no launcher: " + reason);
    };
  }

  LauncherRuntime newRuntime(int maxContainers) throws IOException {
    return LauncherRuntime.start(List.of(binary.toString()), host, policy, maxContainers, listener);
  }

  /** A successor of a runtime that was closed or abandoned, with a listener that knows nothing. */
  void startAgain() throws IOException {
    listener = new RecordingListener();
    runtime = newRuntime(1000);
  }

  ContainerSpec.Builder spec(String... argv) throws IOException {
    ContainerId id = new ContainerId("c" + lastId.incrementAndGet());
    Path container = Files.createDirectory(folder.resolve(id.value()));
    return ContainerSpec.builder(id, container)
        .argv(argv)
        .environment(leftovers.mark(), "1")
        .environment("PATH", "/usr/bin:/bin")
        .stdout(container.resolve("stdout"))
        .stderr(container.resolve("stderr"));
  }

  ContainerSpec.Builder shell(String script) throws IOException {
    return spec("/bin/sh", "-c", script);
  }

  ContainerId launch(ContainerSpec.Builder builder) {
    ContainerSpec spec = builder.build();
    runtime.launch(spec);
    return spec.id();
  }

  /** Launches and waits for the end. */
  ContainerEnd run(ContainerSpec.Builder builder) {
    return listener.awaitEnd(launch(builder));
  }

  ExitRecord runToExit(ContainerSpec.Builder builder) {
    ContainerEnd end = run(builder);
    assertThat(end).isInstanceOf(ExitRecord.class);
    return (ExitRecord) end;
  }

  ExitStatus runToStatus(ContainerSpec.Builder builder) {
    return runToExit(builder).status();
  }

  String stdout(ContainerId id) throws IOException {
    return Files.readString(folder.resolve(id.value()).resolve("stdout"));
  }

  /** Everything that stdout holds, in a file of the container's folder. */
  String output(ContainerSpec.Builder builder) throws IOException {
    ContainerId id = launch(builder);
    assertThat(listener.awaitEnd(id)).isInstanceOf(ExitRecord.class);
    return stdout(id);
  }

  /** The cgroups that containers of this lab have now. */
  List<Path> cgroups() throws IOException {
    List<Path> found = new ArrayList<>();
    for (Path root : cgroupRoots()) {
      if (Files.isDirectory(root)) {
        try (DirectoryStream<Path> groups = Files.newDirectoryStream(root, Files::isDirectory)) {
          groups.forEach(found::add);
        }
      }
    }
    return found;
  }

  /** The version 1 group of one container. */
  Path cgroup(String controller, ContainerId id) {
    Path mount = Objects.requireNonNull(host.cgroups().v1().get(controller), controller);
    return mount.resolve(policy.root()).resolve(id.value());
  }

  private List<Path> cgroupRoots() {
    CgroupMounts mounts = host.cgroups();
    List<Path> roots = new ArrayList<>(mounts.v1().values());
    if (mounts.v2() != null) {
      roots.add(mounts.v2());
    }
    roots.replaceAll(mount -> mount.resolve(policy.root()));
    return roots;
  }

  /** Closes the runtime; fails if the contract was broken or something is left. */
  @Override
  public void close() throws IOException {
    try {
      runtime.containers().forEach(runtime::kill);
      runtime.containers().forEach(listener::awaitEnd);
      runtime.close();
      leftovers.assertNone();
      assertThat(listener.violations()).isEmpty();
      assertThat(cgroups()).isEmpty();
    } finally {
      runtime.close();
      for (Path root : cgroupRoots()) {
        Files.deleteIfExists(root);
      }
    }
  }
}
