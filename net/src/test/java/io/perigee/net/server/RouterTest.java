package io.perigee.net.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.net.auth.Authenticator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouterTest {
  private static final Handler NONE = (request, responder) -> {};
  private static final Authenticator ANYBODY = Authenticator.anonymous();

  private static Router router(String processId, String... paths) {
    return new Router(
        processId, ANYBODY, List.of(paths).stream().map(path -> Route.at(path, NONE)).toList());
  }

  @ParameterizedTest
  @CsvSource({
    "/slave(1)/state, /state",
    "/slave(1)/, /",
    "/slave(1), /",
    "/slave(1)x/state, /slave(1)x/state",
    "/slave(2)/state, /slave(2)/state",
    "/state, /state",
    "/, /",
  })
  void processIdIsOptional(String path, String rest) {
    assertThat(router("slave(1)").withoutProcessId(path)).isEqualTo(rest);
  }

  @Test
  void noProcessIdLeavesPathsAlone() {
    assertThat(router("").withoutProcessId("/state/x")).isEqualTo("/state/x");
    assertThat(router("").withoutProcessId("/")).isEqualTo("/");
  }

  @ParameterizedTest
  @CsvSource({
    "/api/v1, /api/v1",
    "/api/v1/, /api/v1",
    "/api/v1/scheduler, /api/v1/scheduler",
    "/api/v1/scheduler/a/b, /api/v1/scheduler",
    "/api/v1/schedulers, /api/v1",
    "/api/v1//x, /api/v1",
    "/, /",
    "/api,",
    "/api/v2,",
    "/x,",
    "//,",
  })
  void lastComponentsAreRemovedUntilThereIsARoute(String path, String expected) {
    Route route = router("", "/", "/api/v1", "/api/v1/scheduler").find(path);
    assertThat(route == null ? null : route.path()).isEqualTo(expected);
  }

  @Test
  void exactRouteIsPassedOver() {
    Router router =
        new Router("", ANYBODY, List.of(Route.at("/a", NONE), Route.at("/a/b", NONE).exactly()));
    assertThat(router.find("/a/b")).extracting(it -> it.path()).isEqualTo("/a/b");
    assertThat(router.find("/a/b/c")).extracting(it -> it.path()).isEqualTo("/a");
  }

  @Test
  void routesCanBeListed() {
    assertThat(router("", "/b", "/", "/a/c").paths()).containsExactly("/", "/a/c", "/b");
  }

  @Test
  void pathsAreChecked() {
    assertThatThrownBy(() -> router("", "/a", "/a")).hasMessage("there are two routes for /a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "/a/"})
  void pathOfARouteBeginsWithASlashAndDoesNotEndWithOne(String path) {
    assertThatThrownBy(() -> router("", path))
        .hasMessage("a route's path is like /api/v1, not '" + path + "'");
  }
}
