package io.perigee.endtoend.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.endtoend.PerigeeProcess;
import io.perigee.endtoend.TestCluster;
import io.perigee.endtoend.Tree;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** mesos-cli of avmesos, the operators' command line, shows what the master tells. */
@Tag("network")
class AvmesosCliIT {
  @TempDir Path folder;
  private TestCluster cluster;
  private String master;
  private ClientProgram cli;

  @BeforeEach
  void start() throws Exception {
    cli = new ClientProgram("avmesos-cli", folder);
    cluster = new TestCluster(folder.resolve("work"));
    master = cluster.master().getHostString() + ":" + cluster.master().getPort();
    Files.writeString(folder.resolve("cli.toml"), "[master]\naddress = \"" + master + "\"\n");
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  /** The words of each line of what it printed. */
  private List<List<String>> mesos(String... arguments) throws Exception {
    String[] command = new String[arguments.length + 1];
    command[0] = cli.installed("bin/mesos-cli");
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    Map<String, String> environment =
        Map.of(
            "MESOS_CLI_CONFIG",
            folder.resolve("cli.toml").toString(),
            "PATH", // mesos-cli starts "python".
            cli.installed("bin") + ":" + System.getenv("PATH"));
    return cli.run(environment, command).stream()
        .map(line -> List.of(line.strip().split("\\s{2,}")))
        .toList();
  }

  private Object read(String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return Tree.json(
          client
              .send(
                  HttpRequest.newBuilder(URI.create("http://" + master + path)).build(),
                  HttpResponse.BodyHandlers.ofString())
              .body());
    }
  }

  @Test
  void agentsFrameworksAndTasksAreListed() throws Exception {
    assertThat(mesos("task", "list"))
        .containsExactly(List.of("There are no tasks running in the cluster."));
    try (PerigeeProcess run =
        PerigeeProcess.start(
            List.of("run", "--master", master, "--name", "waits", "--", "echo up; sleep 600"))) {
      var _ = run.awaitLine("up"::equals);
      Object agent = Tree.listAt(read("/slaves"), "slaves").getFirst();
      Object framework = Tree.listAt(read("/frameworks"), "frameworks").getFirst();
      Object task = Tree.listAt(framework, "tasks").getFirst();

      assertThat(mesos("agent", "list"))
          .containsExactly(
              List.of("Agent ID", "Hostname", "Active"),
              List.of(Tree.textAt(agent, "id"), Tree.textAt(agent, "hostname"), "True"));
      assertThat(mesos("framework", "list"))
          .containsExactly(
              List.of("ID", "Active", "Hostname", "Name"),
              List.of(
                  Tree.textAt(framework, "id"),
                  "True", // No hostname: that of perigee run is empty.
                  Tree.textAt(framework, "name")));
      assertThat(mesos("task", "list"))
          .containsExactly(
              List.of("ID", "State", "Framework ID", "Executor ID"),
              // The executor's id is empty: it is a command.
              List.of(Tree.textAt(task, "id"), "TASK_RUNNING", Tree.textAt(framework, "id")));
      assertThat(mesos("task", "inspect", Tree.textAt(task, "id")).toString())
          .contains("TASK_RUNNING", Tree.textAt(task, "name"));
      run.interrupt();
      var _ = run.awaitEnd();
    }
    assertThat(mesos("task", "list", "-a")).as("ended tasks").hasSize(2);
    assertThat(mesos("framework", "list")).as("active ones").hasSize(1);
  }
}
