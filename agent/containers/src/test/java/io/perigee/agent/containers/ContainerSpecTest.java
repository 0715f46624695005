package io.perigee.agent.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContainerSpecTest {
  private static ContainerSpec.Builder good() {
    return ContainerSpec.builder(new ContainerId("c"), Path.of("/c")).argv("true");
  }

  @Test
  void theFolderIsTheWorkingDirectoryUnlessGiven() {
    assertThat(good().build().workingDirectory()).isEqualTo(Path.of("/c"));
    assertThat(good().build().problem()).isEmpty();
    assertThat(good().build().program()).isEqualTo("true");
    assertThat(good().executable("/bin/sh").build().program()).isEqualTo("/bin/sh");
  }

  @Test
  void everyProblemIsFound() {
    assertThat(good().argv().build().problem()).contains("there is no command");
    assertThat(good().argv("").build().problem()).contains("there is no command");
    assertThat(good().argv("a", "b\0").build().problem())
        .contains("the command has a NUL character");
    assertThat(good().executable("\0").build().problem())
        .contains("the command has a NUL character");
    assertThat(good().environment("", "x").build().problem())
        .contains("not an environment variable: ''");
    assertThat(good().environment("a=b", "x").build().problem())
        .contains("not an environment variable: 'a=b'");
    assertThat(good().environment("a", "\0").build().problem())
        .contains("not an environment variable: 'a'");
    assertThat(good().workingDirectory(Path.of("here")).build().problem())
        .contains("not an absolute path on one line: here");
    assertThat(good().stdout(Path.of("/a\nb")).build().problem())
        .contains("not an absolute path on one line: /a\nb");
    assertThat(good().stderr(Path.of("e")).build().problem())
        .contains("not an absolute path on one line: e");
  }

  @Test
  void laterChangesOfTheGivenListsAreNotSeen() {
    List<String> argv = new ArrayList<>(List.of("a"));
    ContainerSpec.Builder builder = good().argv(argv).environment("B", "1").environment("A", "2");
    ContainerSpec spec = builder.build();
    argv.add("b");
    builder.environment("C", "3");
    assertThat(spec.argv()).containsExactly("a");
    assertThat(spec.environment().keySet()).containsExactly("B", "A");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".hidden", "a/b", "a b", "ü", "..", "a\n"})
  void whatIsNoFileNameIsNoId(String value) {
    assertThatThrownBy(() -> new ContainerId(value)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "5a7c3c2e-4f3b-4a0e-9d0a-1d6c1c9c0b11", "parent.child_1", "-"})
  void nestedAndGeneratedIdsAreIds(String value) {
    assertThat(new ContainerId(value).toString()).isEqualTo(value);
  }

  @Test
  void boundsOfValuesAreChecked() {
    assertThatThrownBy(() -> new ContainerId("x".repeat(256)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ResourceLimits(-1, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ResourceLimits(0, -1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ProcessLimit(ProcessLimit.Resource.CPU, -2, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
