package io.perigee.agent.containers.launcher;

import io.perigee.agent.containers.ContainerId;
import io.perigee.agent.containers.ContainerRuntime;
import io.perigee.agent.containers.ContainerSpec;
import io.perigee.agent.containers.RecordingListener;
import io.perigee.agent.containers.RuntimeChoice;
import io.perigee.agent.containers.RuntimeOptions;
import io.perigee.agent.containers.cgroup.CgroupPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An agent's process for AgentDeathIT, which kills it. Arguments: the launcher's folder, the cgroup
 * root, the name of a marking variable; then for each container its folder, {@code dies} or {@code
 * lives}, and a shell script. Prints the pids of the tasks and waits.
 */
public final class DoomedAgent {
  private DoomedAgent() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    RecordingListener listener = new RecordingListener();
    RuntimeOptions options =
        new RuntimeOptions(Path.of(arguments[0]), new CgroupPolicy(arguments[1], false), 100);
    ContainerRuntime runtime = RuntimeChoice.make(options, listener).runtime();
    List<String> pids = new ArrayList<>();
    for (int i = 3; i < arguments.length; i += 3) {
      Path folder = Path.of(arguments[i]);
      ContainerId id = new ContainerId(folder.getFileName().toString());
      runtime.launch(
          ContainerSpec.builder(id, folder)
              .argv("/bin/sh", "-c", arguments[i + 2])
              .environment("PATH", "/usr/bin:/bin")
              .environment(arguments[2], "1")
              .dieWithAgent(arguments[i + 1].equals("dies"))
              .build());
      pids.add(Long.toString(listener.awaitStart(id)));
    }
    System.out.println(String.join(" ", pids));
    System.in.read();
  }
}
