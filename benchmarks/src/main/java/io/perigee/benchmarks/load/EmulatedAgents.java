package io.perigee.benchmarks.load;

import io.perigee.benchmarks.Broken;
import io.perigee.net.client.HttpClient;
import io.perigee.net.http.Headers;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Many of them, registered. They leave with their HTTP client. */
final class EmulatedAgents {
  private static final int PATIENCE_SECONDS = 60;

  /** More at once than a server's queue of new connections holds would wait for the kernel. */
  private static final int MOST_AT_ONCE = 256;

  private EmulatedAgents() {}

  /**
   * Registers agents and waits until all are.
   *
   * @param failures hears what goes wrong, also later
   */
  static void register(
      HttpClient http,
      URI master,
      int agents,
      String resources,
      boolean doTasksEnd,
      Failures failures)
      throws Broken, InterruptedException {
    CountDownLatch registered = new CountDownLatch(agents);
    Semaphore atOnce = new Semaphore(MOST_AT_ONCE);
    EmulatedAgent.Listener listener =
        new EmulatedAgent.Listener() {
          @Override
          public void registered() {
            registered.countDown();
            atOnce.release();
          }

          @Override
          public void failed(String why) {
            failures.add("an emulated agent: " + why);
          }
        };
    URI link = master.resolve("/perigee/v1/agent-link");
    for (int i = 0; i < agents; i++) {
      if (!atOnce.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        break;
      }
      var _ =
          http.openLink(
                  link,
                  Headers.EMPTY,
                  "perigee-agent/1",
                  new EmulatedAgent(i, resources, doTasksEnd, listener))
              .exceptionally(failure -> {
                failures.add("an emulated agent: " + failure.getMessage());
                return null;
              });
    }
    if (!registered.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      failures.check();
      throw new Broken(registered.getCount() + " of " + agents + " agents did not register");
    }
  }
}
