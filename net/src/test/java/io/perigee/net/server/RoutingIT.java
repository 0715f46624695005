package io.perigee.net.server;

import static io.perigee.net.RawClient.crlf;
import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.net.RawClient;
import io.perigee.net.TestServer;
import io.perigee.net.http.Headers;
import io.perigee.net.http.Response;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers byte for byte as a real Mesos 1.11 gives them. */
@Timeout(60)
class RoutingIT {
  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    server =
        new TestServer(
            HttpLimits.defaults(),
            Route.at("/api/v1", name("operator")).methods("POST"),
            Route.at(
                    "/api/v1/scheduler",
                    (request, responder) -> responder.respond(Response.of(202)))
                .methods("POST"),
            Route.onWorker("/state", name("state")).methods("GET", "POST"),
            Route.at("/health", (request, responder) -> responder.respond(Response.of(200))),
            Route.at("/weights", name("weights")).methods("GET", "PUT"),
            Route.at("/", name("index")),
            Route.at(
                    "/redirect",
                    (request, responder) ->
                        responder.respond(
                            new Response(
                                307, Headers.of("Location", "//127.0.0.1:5050"), new byte[0])))
                .exactly());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static Handler name(String name) {
    return (request, responder) ->
        responder.respond(
            Response.of(
                200,
                "application/json",
                ("{\"" + name + "\":\"" + request.path() + "\"}")
                    .getBytes(StandardCharsets.UTF_8)));
  }

  private String ask(String request) throws Exception {
    try (RawClient client = server.connect()) {
      return client.send(request).readResponse();
    }
  }

  @Test
  void wrongMethodGets405() throws Exception {
    assertThat(ask("GET /api/v1/scheduler HTTP/1.1\r\nHost: h\r\n\r\n"))
        .isEqualTo(
            crlf(
                """
                HTTP/1.1 405 Method Not Allowed
                Date: now
                Allow: POST
                Content-Type: text/plain; charset=utf-8
                Content-Length: 72

                405 Method Not Allowed. Expecting one of { 'POST' }, but received 'GET'.\
                """));
    assertThat(ask("DELETE /weights HTTP/1.1\r\nHost: h\r\n\r\n"))
        .contains("\r\nAllow: GET, PUT\r\n")
        .endsWith("Expecting one of { 'GET', 'PUT' }, but received 'DELETE'.");
  }

  @Test
  void unknownPathGets404() throws Exception {
    assertThat(ask("GET /nope HTTP/1.1\r\nHost: h\r\n\r\n"))
        .isEqualTo(
            crlf(
                """
                HTTP/1.1 404 Not Found
                Date: now
                Content-Type: text/plain; charset=utf-8
                Content-Length: 14

                404 Not Found.\
                """));
  }

  @Test
  void emptySuccessHasNoContentType() throws Exception {
    assertThat(ask("POST /api/v1/scheduler HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}"))
        .isEqualTo("HTTP/1.1 202 Accepted\r\nDate: now\r\nContent-Length: 0\r\n\r\n");
    assertThat(ask("GET /health HTTP/1.1\r\n\r\n"))
        .isEqualTo("HTTP/1.1 200 OK\r\nDate: now\r\nContent-Length: 0\r\n\r\n");
  }

  @Test
  void redirectHasNoBody() throws Exception {
    assertThat(ask("GET /redirect HTTP/1.1\r\n\r\n"))
        .isEqualTo(
            crlf(
                """
                HTTP/1.1 307 Temporary Redirect
                Date: now
                Location: //127.0.0.1:5050
                Content-Length: 0

                """));
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /api/v1, operator, /api/v1",
    "POST, /api/v1/nope, operator, /api/v1/nope",
    "POST, /api/v1/nope/more/, operator, /api/v1/nope/more/",
    "POST, /master/api/v1, operator, /api/v1",
    "GET, /master/state, state, /state",
    "GET, /%6daster/state, state, /state",
    "GET, /state/, state, /state/",
    "GET, http://host:5050/state?x=1, state, /state",
    "GET, /, index, /",
    "GET, /master, index, /",
    "GET, /master/, index, /",
  })
  void pathFindsItsHandler(String method, String target, String handler, String path)
      throws Exception {
    assertThat(ask(method + " " + target + " HTTP/1.1\r\nHost: h\r\n\r\n"))
        .startsWith("HTTP/1.1 200 OK\r\n")
        .endsWith("{\"" + handler + "\":\"" + path + "\"}");
  }

  @ParameterizedTest
  @CsvSource({"/redirect/state", "/redirect/", "/masters/state", "/stat", "/slave(1)/state"})
  void pathWithoutHandlerIsUnknown(String target) throws Exception {
    assertThat(ask("GET " + target + " HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 404 ");
  }

  @Test
  void headHasTheLengthButNoBody() throws Exception {
    try (RawClient client = server.connect()) {
      client.send("HEAD /state HTTP/1.1\r\n\r\nGET /health HTTP/1.1\r\n\r\n");
      assertThat(client.readUntil("\r\n\r\n"))
          .contains("Content-Type: application/json\r\n", "Content-Length: 18\r\n");
      assertThat(client.readResponse()).startsWith("HTTP/1.1 200 OK\r\n").endsWith(": 0\r\n\r\n");
    }
  }
}
