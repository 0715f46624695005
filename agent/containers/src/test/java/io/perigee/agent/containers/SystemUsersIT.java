package io.perigee.agent.containers;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.agent.containers.SystemUsers.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SystemUsersIT {
  private final SystemUsers users = new SystemUsers();

  @Test
  void theOwnUserIsFound() throws IOException {
    String name = System.getProperty("user.name");
    int uid = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    for (int i = 0; i < 2; i++) {
      assertThat(users.resolve(name))
          .isInstanceOfSatisfying(
              Answer.Found.class,
              found -> {
                assertThat(found.user().uid()).isEqualTo(uid);
                assertThat(found.user().groups()).contains(found.user().gid());
              });
    }
  }

  @Test
  void othersAreNot() {
    for (String name : new String[] {"no-such-user", "-u", "", "a b", "--help"}) {
      assertThat(users.resolve(name))
          .isInstanceOfSatisfying(
              Answer.Unknown.class,
              unknown ->
                  assertThat(unknown.message())
                      .startsWith("Failed to get user information for '" + name + "': "));
    }
  }
}
