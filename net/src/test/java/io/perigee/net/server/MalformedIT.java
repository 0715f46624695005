package io.perigee.net.server;

import static io.perigee.net.RawClient.crlf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perigee.net.RawClient;
import io.perigee.net.TestServer;
import io.perigee.net.http.Response;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is not HTTP, or too much of it: answered in one way, byte for byte, and never handled. */
@Timeout(60)
class MalformedIT {
  private static final String BAD_REQUEST =
      crlf(
          """
          HTTP/1.1 400 Bad Request
          Date: now
          Content-Type: text/plain; charset=utf-8
          Connection: close
          Content-Length: 16

          400 Bad Request.\
          """);

  private final AtomicInteger handled = new AtomicInteger();
  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    HttpLimits limits =
        HttpLimits.builder().requestLineBytes(200).headerBytes(1000).bodyBytes(10_000).build();
    server =
        new TestServer(
            limits,
            Route.at(
                "/",
                (request, responder) -> {
                  handled.incrementAndGet();
                  responder.respond(Response.of(200));
                }));
  }

  @AfterEach
  void stop() {
    await().until(() -> server.counters.get("http_request_body_bytes") == 0);
    await().until(() -> server.counters.get("http_connections_open") == 0);
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u0000\u0001\u0002\r\n\r\n",
        "GET\r\n\r\n",
        "GET /\r\n\r\n",
        "GET / HTTP/x.y\r\n\r\n",
        "GET / HTTP/2.0\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "GET / HTTP/1.1 \r\n\r\n",
        "GET / HTTP/1.1\n\n",
        "G(T / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nno colon\r\n\r\n",
        "GET / HTTP/1.1\r\nX : y\r\n\r\n",
        "GET / HTTP/1.1\r\n: y\r\n\r\n",
        "GET / HTTP/1.1\r\nX: a\u0000b\r\n\r\n",
        "GET / HTTP/1.1\r\nX\u0000: a\r\n\r\n",
        "GET / HTTP/1.1\r\nX: a\rb\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 1x\r\n\r\n1",
        "POST / HTTP/1.1\r\nContent-Length: +1\r\n\r\n1",
        "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n1",
        "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n11",
        "POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nabc\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\nabc\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nabc\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab\r\n0\r\n\r\n\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nno colon\r\n\r\n",
      })
  void malformedRequestGets400AndTheConnectionCloses(String request) throws Exception {
    assertThat(server.exchange(request)).isEqualTo(BAD_REQUEST);
    assertThat(handled).hasValue(0);
    assertThat(server.counters.get("http_malformed_requests_total")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/%", "/%4", "/%zz", "/%00", "/?x=%0", "/?%gg=1", "/?x=%00", "/%ff", "x", "*"})
  void malformedTargetGets400AndTheConnectionGoesOn(String target) throws Exception {
    try (RawClient client = server.connect()) {
      client.send("POST " + target + " HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc");
      assertThat(client.readResponse()).isEqualTo(BAD_REQUEST.replace("Connection: close\r\n", ""));
      client.send("GET / HTTP/1.1\r\n\r\n");
      assertThat(client.readResponse()).startsWith("HTTP/1.1 200 OK\r\n");
    }
    assertThat(server.counters.get("http_malformed_requests_total")).isEqualTo(1);
  }

  @Test
  void malformedBodyOfARefusedRequestEndsTheConnection() throws Exception {
    try (RawClient client = server.connect()) {
      client.send("POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
      assertThat(client.readResponse()).startsWith("HTTP/1.1 404 ");
      client.send("zz\r\n");
      assertThat(client.readToEnd()).isEmpty();
    }
  }

  @Test
  void earlierRequestsOfTheConnectionAreStillAnswered() throws Exception {
    assertThat(server.exchange("GET / HTTP/1.1\r\n\r\n".repeat(2) + "\u0001\r\n\r\n"))
        .isEqualTo(
            crlf("HTTP/1.1 200 OK\nDate: now\nContent-Length: 0\n\n").repeat(2) + BAD_REQUEST);
  }

  @Test
  void tooLongRequestLineGets414() throws Exception {
    String fits = "GET /" + "?".repeat(200 - "GET / HTTP/1.1".length()) + " HTTP/1.1";
    assertThat(server.exchange(fits + "\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 200 OK\r\n");
    assertThat(server.exchange("?" + fits + "\r\n\r\n"))
        .startsWith("HTTP/1.1 414 ")
        .contains("Connection: close\r\n");
    assertThat(server.exchange("x".repeat(100_000))).startsWith("HTTP/1.1 414 ");
    assertThat(server.counters.get("http_limit_strikes_total{limit=\"request_line\"}"))
        .isEqualTo(2);
  }

  @Test
  void tooManyHeadersGet431() throws Exception {
    assertThat(server.exchange("GET / HTTP/1.1\r\n" + "X: 1\r\n".repeat(300)))
        .startsWith("HTTP/1.1 431 ")
        .endsWith("431 Request Header Fields Too Large.");
    assertThat(server.exchange("GET / HTTP/1.1\r\nX: " + "1".repeat(100_000)))
        .startsWith("HTTP/1.1 431 ");
    assertThat(server.counters.get("http_limit_strikes_total{limit=\"headers\"}")).isEqualTo(2);
    assertThat(
            server.exchange(
                "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
                    + "X: 1\r\n".repeat(300)))
        .isEqualTo(BAD_REQUEST);
  }

  @Test
  void tooLargeBodyGets413() throws Exception {
    String tooLarge =
        crlf(
            """
            HTTP/1.1 413 Request Entity Too Large
            Date: now
            Content-Type: text/plain; charset=utf-8
            Connection: close
            Content-Length: 29

            413 Request Entity Too Large.\
            """);
    assertThat(server.exchange("POST / HTTP/1.1\r\nContent-Length: 10001\r\n\r\n"))
        .isEqualTo(tooLarge);
    assertThat(
            server.exchange(
                "POST / HTTP/1.1\r\nContent-Length: 10001\r\nExpect: 100-continue\r\n\r\n"))
        .isEqualTo(tooLarge);
    // The client goes on sending far beyond the limit and still gets its answer.
    assertThat(
            server.exchange(
                "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + ("3e8\r\n" + "x".repeat(1000) + "\r\n").repeat(1000)
                    + "0\r\n\r\n"))
        .isEqualTo(tooLarge);
    assertThat(handled).hasValue(0);
    assertThat(server.counters.get("http_limit_strikes_total{limit=\"body\"}")).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\r\n",
        "GE",
        "GET / HTTP/1.1\r\n",
        "GET / HTTP/1.1\r\nX: y",
        "POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nab",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n",
      })
  void clientThatLeavesInTheMiddleIsNothingSpecial(String half) throws Exception {
    try (RawClient client = server.connect()) {
      client.send(half);
      await().until(() -> server.counters.get("http_connections_open") == 1);
      client.socket().shutdownOutput();
      assertThat(client.readToEnd()).isEmpty();
    }
    assertThat(handled).hasValue(0);
    assertThat(server.counters.get("http_malformed_requests_total")).isZero();
  }
}
