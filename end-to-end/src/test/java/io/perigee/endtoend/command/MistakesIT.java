package io.perigee.endtoend.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.endtoend.PerigeeProcess;
import io.perigee.endtoend.PerigeeProcess.Result;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people mistype, and machines that are not ready. */
class MistakesIT {
  @TempDir Path folder;

  @Test
  void aDaemonTellsAllThatIsWrongAtOnce() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Result master =
          PerigeeProcess.run(
              "master",
              "--ip=127.0.0.1",
              "--port=" + taken.getLocalPort(),
              "--agent_ping_timeot=3secs",
              "--offer_timeout=soon");
      assertThat(master.exitCode()).isEqualTo(2);
      assertThat(master.errText())
          .contains("unknown option --agent_ping_timeot (did you mean --agent_ping_timeout?)")
          .contains("--offer_timeout: 'soon' is not valid")
          .contains("127.0.0.1:" + taken.getLocalPort() + ": Address already in use");
      Result agent =
          PerigeeProcess.run(
              "agent",
              "--ip=127.0.0.1",
              "--port=" + taken.getLocalPort(),
              "--resources=cpus=4",
              "--work_dir=/proc/none");
      assertThat(agent.exitCode()).isEqualTo(2);
      assertThat(agent.errText())
          .contains("--master is missing")
          .contains("--resources: 'cpus=4' has no ':'")
          .contains("--work_dir: /proc/none cannot be written to")
          .contains("127.0.0.1:" + taken.getLocalPort() + ": Address already in use");
    }
  }

  @Test
  void withoutAMasterTheNextStepIsTold() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    Result result = PerigeeProcess.run("agents", "--master", "127.0.0.1:" + free);
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err())
        .singleElement()
        .asString()
        .startsWith("perigee: cannot reach a master at http://127.0.0.1:" + free)
        .contains("start one with 'perigee local'");
  }

  @Test
  void aWrongCommandLineExitsWithTwo() {
    Result misspelled = PerigeeProcess.run("agents", "--jsom");
    assertThat(misspelled.exitCode()).isEqualTo(2);
    assertThat(misspelled.errText()).contains("--json");
    Result amounts = PerigeeProcess.run("run", "--cpus", "-1", "--mem", "NaN", "true");
    assertThat(amounts.exitCode()).isEqualTo(2);
    assertThat(amounts.errText()).contains("--cpus: -1").contains("--mem: NaN");
    assertThat(PerigeeProcess.run("local", "--agents", "-1").exitCode()).isEqualTo(2);
  }
}
