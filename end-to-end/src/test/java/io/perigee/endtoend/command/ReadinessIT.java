package io.perigee.endtoend.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.perigee.endtoend.PerigeeProcess;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What daemons tell a supervisor such as systemd. */
class ReadinessIT {
  @TempDir Path folder;

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static int status(int port, String path) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:" + port + path);
      return client
          .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
          .statusCode();
    }
  }

  @Test
  void aMasterIsReadyWhenItServes() throws Exception {
    int port = freePort();
    Path config =
        Files.writeString(folder.resolve("master.yml"), "ip: 127.0.0.1\nport: " + port + "\n");
    Path socket = folder.resolve("notify");
    try (NotifyReceiver systemd = new NotifyReceiver(socket.toString(), folder);
        PerigeeProcess master =
            PerigeeProcess.start(
                Map.of("NOTIFY_SOCKET", socket.toString()),
                List.of("master", "--config=" + config))) {
      String ready = systemd.next();
      assertThat(status(port, "/master/health")).isEqualTo(200);
      assertThat(ready)
          .as("of the main process, else systemd ignores it")
          .isEqualTo(
              master.pid()
                  + " 'READY=1\\nSTATUS=serving at http://127.0.0.1:"
                  + port
                  + ", 0 agents, 0 frameworks'");

      master.terminate();
      assertThat(systemd.next()).isEqualTo(master.pid() + " 'STOPPING=1\\nSTATUS=stopping'");
      master.awaitEnd();
    }
  }

  /** A master that is away must not fail the agent's unit. */
  @Test
  void anAgentIsReadyBeforeItsMasterIs() throws Exception {
    int masterPort = freePort();
    int port = freePort();
    String socket = "@perigee-test-" + ProcessHandle.current().pid();
    try (NotifyReceiver systemd = new NotifyReceiver(socket, folder);
        PerigeeProcess agent =
            PerigeeProcess.start(
                Map.of("NOTIFY_SOCKET", socket, "WATCHDOG_USEC", "3000000"),
                List.of(
                    "agent",
                    "--ip=127.0.0.1",
                    "--port=" + port,
                    "--master=127.0.0.1:" + masterPort,
                    "--registration_backoff_factor=100ms",
                    "--work_dir=" + folder.resolve("work")))) {
      assertThat(systemd.next())
          .isEqualTo(
              agent.pid()
                  + " 'READY=1\\nWATCHDOG=1\\nSTATUS=waiting for a master at 127.0.0.1:"
                  + masterPort
                  + ", 0 tasks'");
      assertThat(status(port, "/health")).isEqualTo(200);
      assertThat(systemd.next()).isEqualTo(agent.pid() + " 'WATCHDOG=1'");

      try (PerigeeProcess _ =
          PerigeeProcess.start(List.of("master", "--ip=127.0.0.1", "--port=" + masterPort))) {
        systemd.await(line ->
            line.endsWith(
                "STATUS=registered with the master at 127.0.0.1:" + masterPort + ", 0 tasks'"));
      }
      systemd.await(line -> line.contains("STATUS=waiting for a master at "));
    }
  }

  /** As packages start it: the manifest allows foreign functions, so the JVM does not warn. */
  @Test
  void theJarOfTheCommandNeedsNoFlagToNotify() throws Exception {
    List<Path> jars =
        Arrays.stream(PerigeeProcess.classPath().split(File.pathSeparator))
            .map(Path::of)
            .filter(Files::isRegularFile)
            .toList();
    Path library = Files.createDirectory(folder.resolve("lib"));
    for (Path jar : jars) { // Through links the JVM would look for them at the other end.
      Files.copy(jar, library.resolve(jar.getFileName()));
    }
    Path command =
        jars.stream()
            .map(jar -> library.resolve(jar.getFileName()))
            .filter(jar -> jar.getFileName().toString().startsWith("perigee-cli-"))
            .findAny()
            .orElse(null);
    assumeThat(command)
        .as("the command's jar: it exists after Maven's phase 'package'")
        .isNotNull();
    Path socket = folder.resolve("notify");
    Path log = folder.resolve("log");
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--sun-misc-unsafe-memory-access=allow",
                "-jar",
                command.toString(),
                "master",
                "--ip=127.0.0.1",
                "--port=0")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("NOTIFY_SOCKET", socket.toString());
    try (NotifyReceiver systemd = new NotifyReceiver(socket.toString(), folder)) {
      Process master = builder.start();
      try {
        assertThat(systemd.next()).contains("READY=1");
        assertThat(Files.readString(log)).contains(" serves at ").doesNotContain("WARNING");
      } finally {
        master.destroy();
        master.waitFor();
      }
    }
  }

  @Test
  void aDaemonRunsOnIfNobodyListens() {
    Path nowhere = folder.resolve("nowhere");
    try (PerigeeProcess master =
        PerigeeProcess.start(
            Map.of("NOTIFY_SOCKET", nowhere.toString()),
            List.of("master", "--ip=127.0.0.1", "--port=0"))) {
      master.awaitErrLine(line -> line.contains(" serves at http://127.0.0.1:"));
      assertThat(master.awaitErrLine(line -> line.contains("NOTIFY_SOCKET")))
          .endsWith("the supervisor does not hear how this daemon is: sendto failed with errno 2");
      master.terminate();
      assertThat(master.awaitEnd().exitCode()).as("as SIGTERM ends it").isEqualTo(143);
    }
  }

  /** Linking them takes time at each start. */
  @Test
  void withoutASupervisorNoForeignFunctionIsLinked() throws IOException {
    Path loaded = folder.resolve("loaded");
    try (PerigeeProcess master =
        PerigeeProcess.start(
            Map.of("JAVA_TOOL_OPTIONS", "-Xlog:class+load:file=" + loaded),
            List.of("master", "--ip=127.0.0.1", "--port=0"))) {
      // Looked for after the daemon serves.
      await()
          .atMost(PerigeeProcess.PATIENCE)
          .ignoreException(NoSuchFileException.class)
          .until(() -> Files.readString(loaded).contains("io.perigee.cli.daemon.Supervisor "));
      master.awaitErrLine(line -> line.contains(" serves at http://127.0.0.1:"));
      master.terminate();
      master.awaitEnd();
    }
    assertThat(Files.readString(loaded)).doesNotContain("io.perigee.cli.daemon.NotifySocket ");
  }
}
