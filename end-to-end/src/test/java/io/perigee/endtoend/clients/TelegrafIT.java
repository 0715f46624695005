package io.perigee.endtoend.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.endtoend.PerigeeProcess;
import io.perigee.endtoend.TestCluster;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** telegraf's mesos input, built from the Go module, gathers from a master and an agent. */
@Tag("network")
class TelegrafIT {
  @TempDir Path folder;

  private static String url(InetSocketAddress address) {
    return "http://" + address.getHostString() + ":" + address.getPort();
  }

  @Test
  void fieldsOfMasterAndAgentArriveWithoutErrors() throws Exception {
    ClientProgram telegraf = new ClientProgram("telegraf", folder);
    try (TestCluster cluster = new TestCluster(folder.resolve("work"))) {
      String master = cluster.master().getHostString() + ":" + cluster.master().getPort();
      assertThat(PerigeeProcess.run("run", "--master", master, "--", "true").exitCode()).isZero();

      List<String> fields =
          telegraf.run(telegraf.installed("gather"), url(cluster.master()), url(cluster.agent()));

      assertThat(fields)
          .contains(
              "master master/elected 1",
              "master master/slaves_active 1",
              "master master/cpus_total 4",
              "master master/mem_total 4096",
              "master master/cpus_used 0",
              "master master/tasks_finished 1",
              "master master/tasks_running 0",
              "master master/messages_launch_tasks 1",
              "slave slave/registered 1",
              "slave slave/cpus_total 4",
              "slave slave/disk_total 8192",
              "slave slave/tasks_finished 1",
              "slave slave/tasks_running 0",
              "slave slave/executors_running 0",
              "slave containerizer/fetcher/task_fetches_failed 0")
          .anyMatch(field -> field.startsWith("master master/uptime_secs "))
          .anyMatch(field -> field.startsWith("slave slave/uptime_secs "));
    }
  }
}
