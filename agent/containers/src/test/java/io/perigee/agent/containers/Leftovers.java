package io.perigee.agent.containers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;

/**
 * Looks for what a test left behind: processes that carry its mark in the environment or run a
 * program below its folder, and mounts that were not there before.
 */
public final class Leftovers {
  private final String mark = "PERIGEE_TEST_" + UUID.randomUUID().toString().replace('-', '_');
  private final Path folder;
  private final List<String> mountsBefore;

  public Leftovers(Path folder) throws IOException {
    this.folder = folder;
    this.mountsBefore = mounts();
  }

  /** An environment variable's name that marks a test's processes; they pass it on. */
  public String mark() {
    return mark;
  }

  public void assertNone() throws IOException {
    Awaitility.await("processes of the test")
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(processes()).isEmpty());
    assertThat(mounts()).isEqualTo(mountsBefore);
  }

  /** Command lines of the test's processes that are alive. */
  public List<String> processes() throws IOException {
    List<String> found = new ArrayList<>();
    try (DirectoryStream<Path> proc = Files.newDirectoryStream(Path.of("/proc"), "[1-9]*")) {
      for (Path process : proc) {
        if (isOurs(process)) {
          found.add(process.getFileName() + " " + text(process.resolve("cmdline")));
        }
      }
    }
    return found;
  }

  private boolean isOurs(Path process) {
    if (process.getFileName().toString().equals(Long.toString(ProcessHandle.current().pid()))) {
      return false;
    }
    try {
      if (Files.readSymbolicLink(process.resolve("exe")).startsWith(folder)) {
        return true;
      }
    } catch (IOException zombieOrForeign) {
      return false;
    }
    return text(process.resolve("environ")).contains(mark);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1).replace('\0', ' ');
    } catch (IOException gone) {
      return "";
    }
  }

  private static List<String> mounts() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/mountinfo"));
  }
}
