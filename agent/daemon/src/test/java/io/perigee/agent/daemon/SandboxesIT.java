package io.perigee.agent.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SandboxesIT {
  @TempDir Path folder;

  @Test
  void aSandboxIsItsOwnersAndLatestPointsToIt() throws Exception {
    Path runs = folder.resolve("executors/e/runs");
    Path latest = runs.resolve("latest");
    Sandboxes.create(runs.resolve("1"), latest, null);
    Sandboxes.create(runs.resolve("2"), latest, System.getProperty("user.name"));

    assertThat(Files.readSymbolicLink(latest)).isEqualTo(runs.resolve("2"));
    assertThat(mode(runs.resolve("2"))).isEqualTo("rwxr-x---");
    try (var entries = Files.list(runs)) {
      assertThat(entries.map(p -> p.getFileName().toString()))
          .containsExactlyInAnyOrder("1", "2", "latest");
    }
  }

  @Test
  @Tag("root")
  void aSandboxBelongsToTheTasksUser() throws Exception {
    Path sandbox = folder.resolve("runs/1");
    Sandboxes.create(sandbox, folder.resolve("runs/latest"), "nobody");

    assertThat(Files.getOwner(sandbox).getName()).isEqualTo("nobody");
    assertThat(Files.getOwner(sandbox.getParent()).getName())
        .as("the task cannot replace its sandbox by a link")
        .isEqualTo("root");
    assertThat(mode(sandbox.getParent())).doesNotContain("w-x--x").endsWith("r-x");
  }

  @Test
  void anUnknownUserIsNamed() {
    assertThatThrownBy(
            () -> Sandboxes.create(folder.resolve("r/1"), folder.resolve("r/latest"), "no-such"))
        .isInstanceOf(IOException.class)
        .hasMessage("Failed to get user information for 'no-such': no such user");
  }

  @Test
  void whatALinkPointedToIsLeftAlone() throws Exception {
    Path precious = Files.createDirectory(folder.resolve("precious"));
    Files.setPosixFilePermissions(precious, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path runs = Files.createDirectory(folder.resolve("runs"));
    Path latest = Files.createSymbolicLink(runs.resolve("latest"), precious);

    Sandboxes.create(runs.resolve("1"), latest, null);
    assertThat(mode(precious)).isEqualTo("rwxr-xr-x");
    assertThat(precious).isEmptyDirectory();
    assertThat(Files.readSymbolicLink(latest)).isEqualTo(runs.resolve("1"));
  }

  /** Nobody but the agent makes sandboxes: one that is there was put there, link or not. */
  @Test
  void aSandboxThatIsThereAlreadyIsRefused() throws Exception {
    Path precious = Files.createDirectory(folder.resolve("precious"));
    Files.setPosixFilePermissions(precious, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path runs = Files.createDirectory(folder.resolve("runs"));
    Files.createSymbolicLink(runs.resolve("1"), precious);

    assertThatThrownBy(() -> Sandboxes.create(runs.resolve("1"), runs.resolve("latest"), null))
        .isInstanceOf(IOException.class);
    assertThat(mode(precious)).isEqualTo("rwxr-xr-x");
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
