package io.perigee.endtoend.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program of somebody else, installed by its script once for each build folder. */
final class ClientProgram {
  private static final int PATIENCE_MINUTES = 5;

  private final Path sources;
  private final Path installed;
  private final Path folder;

  /**
   * Installs it; fails if that cannot be done.
   *
   * @param name of its folder in {@code end-to-end/clients}
   * @param folder for what it prints
   */
  ClientProgram(String name, Path folder) throws Exception {
    this.sources = Path.of("clients", name).toAbsolutePath();
    this.installed = Path.of("target", name).toAbsolutePath();
    this.folder = folder;
    run(Map.of(), "bash", source("install"), installed.toString());
  }

  /** The path of a file beside the script. */
  String source(String file) {
    return sources.resolve(file).toString();
  }

  /** The path of what the script installed. */
  String installed(String file) {
    return installed.resolve(file).toString();
  }

  /** Runs a program to its end, which must be a success, and returns what it printed. */
  List<String> run(String... command) throws Exception {
    return run(Map.of(), command);
  }

  /** The same with more variables. */
  List<String> run(Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile(folder, "out", null);
    Path err = Files.createTempFile(folder, "err", null);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    boolean hasEnded = process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES);
    if (!hasEnded) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    String said =
        "%s; stdout: %s; stderr: %s"
            .formatted(
                List.of(command),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    assertThat(hasEnded).as("ended: %s", said).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
    return Files.readAllLines(out, StandardCharsets.UTF_8);
  }
}
