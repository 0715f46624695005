package io.perigee.endtoend.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.endtoend.PerigeeProcess;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** pymesos of PyPI against {@code perigee local}. */
@Tag("network")
class PymesosIT {
  private static final Path CLIENT = Path.of("clients", "pymesos").toAbsolutePath();
  private static final int TASKS = 50;

  @TempDir Path folder;

  @Test
  void fiftyCommandTasksRunAndEachUpdateArrivesOnce() throws Exception {
    Path python = python();
    try (PerigeeProcess perigee =
        PerigeeProcess.start(List.of("local", "--port", "0", "--agents", "2"))) {
      String line = perigee.awaitLine(l -> l.startsWith("Perigee runs: http://"));
      String master = line.replaceAll("^Perigee runs: http://(\\S+).*", "$1");
      List<String> updates =
          run(python.toString(), CLIENT.resolve("framework.py").toString(), master, "" + TASKS);
      for (int i = 0; i < TASKS; i++) {
        String start = "{\"task\": \"command-" + i + "\", \"state\": \"";
        assertThat(updates.stream().filter(u -> u.startsWith(start)))
            .extracting(u -> u.substring(start.length()).split("\"")[0])
            .containsExactly("TASK_STARTING", "TASK_RUNNING", "TASK_FINISHED");
      }
    }
  }

  /** The client's environment; it is made once for each build folder. */
  private Path python() throws Exception {
    Path environment = Path.of("target", "pymesos").toAbsolutePath();
    run("bash", CLIENT.resolve("install").toString(), environment.toString());
    return environment.resolve("bin").resolve("python");
  }

  private List<String> run(String... command) throws Exception {
    File out = Files.createTempFile(folder, "out", null).toFile();
    File err = Files.createTempFile(folder, "err", null).toFile();
    Process process = new ProcessBuilder(command).redirectOutput(out).redirectError(err).start();
    boolean hasEnded = process.waitFor(5, TimeUnit.MINUTES);
    if (!hasEnded) {
      process.destroyForcibly();
    }
    String errors = Files.readString(err.toPath(), StandardCharsets.UTF_8);
    assertThat(hasEnded).as("%s ended; stderr: %s", command[0], errors).isTrue();
    assertThat(process.exitValue()).as("%s; stderr: %s", command[0], errors).isZero();
    return Files.readAllLines(out.toPath(), StandardCharsets.UTF_8);
  }
}
