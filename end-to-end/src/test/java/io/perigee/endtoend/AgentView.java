package io.perigee.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** What an agent tells about its executors, waited for. Asks the agent each time. */
public final class AgentView {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final long LOOK_AGAIN_NANOS = Duration.ofMillis(20).toNanos();

  private final InetSocketAddress agent;

  public AgentView(InetSocketAddress agent) {
    this.agent = agent;
  }

  /** Directory of an executor that runs. */
  public String sandbox(String frameworkId, String executorId) {
    return await("executor " + executorId, () -> directory(frameworkId, executorId));
  }

  /** Path of a file in that directory. */
  public String file(String frameworkId, String executorId, String name) {
    String path = sandbox(frameworkId, executorId) + "/" + name;
    return await(
        path,
        () ->
            get("/files/read?path=" + path + "&offset=-1").status() == 200
                ? Optional.of(path)
                : Optional.empty());
  }

  private Optional<String> directory(String frameworkId, String executorId) {
    Object state = Tree.json(get("/state").body());
    return Tree.listAt(state, "frameworks").stream()
        .filter(framework -> Tree.textAt(framework, "id").equals(frameworkId))
        .flatMap(framework -> Tree.listAt(framework, "executors").stream())
        .filter(executor -> Tree.textAt(executor, "id").equals(executorId))
        .map(executor -> Tree.textAt(executor, "directory"))
        .findFirst();
  }

  private RawHttp.Answer get(String path) {
    try (RawHttp http = new RawHttp(agent)) {
      http.send("GET " + path + " HTTP/1.1\nHost: agent\n\n", new byte[0]);
      return http.readAnswer();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String await(String what, Supplier<Optional<String>> look) {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() - until < 0) {
      Optional<String> found = look.get();
      if (found.isPresent()) {
        return found.get();
      }
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }
    throw new AssertionError("the agent has no " + what);
  }
}
