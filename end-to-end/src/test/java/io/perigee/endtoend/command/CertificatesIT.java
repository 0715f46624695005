package io.perigee.endtoend.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perigee.endtoend.PerigeeProcess;
import io.perigee.endtoend.PerigeeProcess.Result;
import io.perigee.net.tls.TestCertificates;
import io.perigee.net.tls.TlsFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A master that wants certificates, an agent and a person that have one. */
class CertificatesIT {
  @TempDir Path folder;

  @Test
  void masterAgentAndCommandSpeakTls() throws Exception {
    TestCertificates certificates = new TestCertificates(folder.resolve("certificates"));
    certificates.sign("perigee");
    TlsFiles files = certificates.write("perigee", "perigee");
    List<String> daemonFlags =
        List.of(
            "--ip=127.0.0.1",
            "--tls_cert_file=" + files.certificates(),
            "--tls_key_file=" + files.key(),
            "--tls_ca_file=" + files.authorities());
    String address = "127.0.0.1:" + freePort();
    String port = address.substring(address.indexOf(':') + 1);
    try (PerigeeProcess _ = PerigeeProcess.start(with(daemonFlags, "master", "--port=" + port));
        PerigeeProcess _ =
            PerigeeProcess.start(
                with(
                    daemonFlags,
                    "agent",
                    "--port=0",
                    "--master=" + address,
                    "--work_dir=" + folder.resolve("work")))) {
      String[] known = {
        "--master",
        "https://" + address,
        "--ca-file",
        files.authorities().toString(),
        "--cert-file",
        files.certificates().toString(),
        "--key-file",
        files.key().toString()
      };
      await()
          .atMost(PerigeeProcess.PATIENCE)
          .until(() ->
              PerigeeProcess.run(with(List.of(known), "agents")).out().stream()
                  .anyMatch(line -> line.contains("active")));
      Result hello = PerigeeProcess.run(with(List.of(known), "run", "--", "echo hello"));
      assertThat(hello.out()).as(hello.errText()).containsExactly("hello");
      Result stranger =
          PerigeeProcess.run("agents", "--master", "https://" + address, "--ca-file", known[3]);
      assertThat(stranger.exitCode()).isEqualTo(1);
      assertThat(stranger.errText()).contains("certificate_required");
    }
  }

  private static List<String> with(List<String> flags, String verb, String... more) {
    List<String> all = new ArrayList<>(List.of(verb));
    all.addAll(flags);
    all.addAll(List.of(more));
    return all;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
