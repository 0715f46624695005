package io.perigee.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.mesos.v1.TaskState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {

  @ParameterizedTest
  @ValueSource(strings = {"*", "a", "a/b/c", "a.b", "ümlaut", "a-b"})
  void validRoles(String role) {
    assertThat(Roles.problem(role)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|Empty role name is invalid",
        "/a|Role '/a' cannot start with a slash",
        "a/|Role 'a/' cannot end with a slash",
        "a//b|Role 'a//b' cannot contain two adjacent slashes",
        "a/*|Role 'a/*' cannot include '*' as a component",
        "a/../b|Role 'a/../b' cannot include '..' as a component",
        ".|Role '.' cannot include '.' as a component",
        "a/-b|Role component '-b' is invalid because it begins with a dash",
        "a b|Role component 'a b' is invalid because it contains backspace or whitespace"
      })
  void invalidRoles(String role, String problem) {
    assertThat(Roles.problem(role)).contains(problem);
  }

  @Test
  void hierarchyFollowsSlashes() {
    assertThat(Roles.isSelfOrAncestor("a", "a/b")).isTrue();
    assertThat(Roles.isSelfOrAncestor("a", "a")).isTrue();
    assertThat(Roles.isSelfOrAncestor("a", "ab")).isFalse();
    assertThat(Roles.isStrictSubrole("a", "a")).isFalse();
  }

  @Test
  void idsAreFileNames() {
    assertThat(Identifiers.problem("a b:ü")).isEmpty();
    assertThat(Identifiers.problem("")).contains("ID must not be empty");
    assertThat(Identifiers.problem("x".repeat(256)))
        .contains("ID must not be greater than 255 characters");
    assertThat(Identifiers.problem("ü".repeat(128)))
        .contains("ID must not be greater than 255 characters");
    assertThat(Identifiers.problem("..")).contains("'..' is disallowed");
    assertThat(Identifiers.problem("a/b")).contains("'a/b' contains invalid characters");
    assertThat(Identifiers.problem("a\u0001")).isPresent();
  }

  @ParameterizedTest
  @EnumSource(TaskState.class)
  void statesThatEndATask(TaskState state) {
    assertThat(TaskStates.isTerminal(state))
        .isEqualTo(
            switch (state) {
              case TASK_STAGING,
                  TASK_STARTING,
                  TASK_RUNNING,
                  TASK_KILLING,
                  TASK_UNREACHABLE,
                  TASK_UNKNOWN ->
                  false;
              default -> true;
            });
  }
}
