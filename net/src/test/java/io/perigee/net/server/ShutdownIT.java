package io.perigee.net.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perigee.net.RawClient;
import io.perigee.net.TestServer;
import io.perigee.net.http.Response;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The graceful stop. */
@Timeout(60)
class ShutdownIT {
  private final LinkedBlockingQueue<Responder> waiting = new LinkedBlockingQueue<>();
  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    server =
        new TestServer(
            HttpLimits.defaults(),
            Route.at("/", (request, responder) -> responder.respond(Response.of(200))),
            Route.at("/later", (request, responder) -> waiting.add(responder)));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void runningRequestIsAnsweredAndIdleConnectionsClose() throws Exception {
    CountDownLatch stopped = new CountDownLatch(1);
    try (RawClient idle = server.connect();
        RawClient busy = server.connect()) {
      idle.send("GET / HTTP/1.1\r\n\r\n").readResponse();
      busy.send("GET /later HTTP/1.1\r\n\r\nGET /later HTTP/1.1\r\n\r\n");
      Responder first = waiting.take();
      Responder second = waiting.take();
      Thread.ofVirtual()
          .start(() -> {
            server.server.stop(Duration.ofSeconds(30));
            stopped.countDown();
          });
      assertThat(idle.readToEnd()).isEmpty();
      await().until(this::refusesConnections); // The kernel closes a little later than Java.
      busy.send("GET / HTTP/1.1\r\n\r\n");
      second.respond(Response.text(200, "second"));
      first.respond(Response.text(200, "first"));
      assertThat(busy.readToEnd())
          .containsSubsequence(
              "200 OK", "\r\n\r\nfirst", "200 OK", "Connection: close", "\r\n\r\nsecond")
          .endsWith("second");
    }
    stopped.await();
  }

  private boolean refusesConnections() throws IOException {
    try (RawClient late = server.connect()) {
      return late.socket().isClosed();
    } catch (ConnectException refused) {
      return true;
    }
  }

  @Test
  void deadlineEndsWhatIsNotAnswered() throws Exception {
    try (RawClient busy = server.connect()) {
      busy.send("GET /later HTTP/1.1\r\n\r\n");
      Responder responder = waiting.take();
      server.server.stop(Duration.ofMillis(100));
      assertThat(busy.readToEnd()).isEmpty();
      responder.respond(Response.of(200)); // Nobody hears it, nothing breaks.
    }
  }
}
