package io.perigee.agent.containers;

import io.perigee.agent.containers.launcher.LauncherBinary;
import io.perigee.agent.containers.launcher.LauncherHost;
import io.perigee.agent.containers.launcher.LauncherRuntime;
import io.perigee.agent.containers.plain.PlainProcessRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The runtime for this machine and why it is this one.
 *
 * @param reason one sentence for the operator; never to be swallowed, since tasks may run with less
 *     isolation than expected
 */
public record RuntimeChoice(ContainerRuntime runtime, String reason) {

  /** Takes the launcher if it works here, else plain processes. Runs the launcher's probe. */
  public static RuntimeChoice make(RuntimeOptions options, ContainerListener listener) {
    return switch (LauncherBinary.extract(options.launcherDirectory())) {
      case LauncherBinary.Extraction.Unavailable(String reason) -> plain(options, listener, reason);
      case LauncherBinary.Extraction.Ready(Path binary) -> withLauncher(binary, options, listener);
    };
  }

  private static RuntimeChoice withLauncher(
      Path binary, RuntimeOptions options, ContainerListener listener) {
    List<String> command = List.of(binary.toString());
    try {
      LauncherHost host = LauncherHost.probe(command);
      LauncherRuntime runtime =
          LauncherRuntime.start(
              command, host, options.cgroups(), options.maxContainers(), listener);
      return new RuntimeChoice(
          runtime,
          "the launcher works here (%s, namespaces: %s, cgroups: %s)"
              .formatted(
                  host.isRoot() ? "root" : "not root",
                  host.namespaces().isEmpty() ? "none" : String.join(", ", host.namespaces()),
                  host.cgroups().mode()));
    } catch (IOException broken) {
      return plain(options, listener, "the launcher does not work here: " + broken.getMessage());
    }
  }

  private static RuntimeChoice plain(
      RuntimeOptions options, ContainerListener listener, String reason) {
    return new RuntimeChoice(new PlainProcessRuntime(options.maxContainers(), listener), reason);
  }
}
