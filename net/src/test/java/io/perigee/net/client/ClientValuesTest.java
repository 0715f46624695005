package io.perigee.net.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.net.http.Headers;
import io.perigee.net.link.LinkLimits;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests, redirects and limits of the client. */
class ClientValuesTest {
  @ParameterizedTest
  @CsvSource({
    "http://h, /, h, 80, false",
    "http://h:5050?x=1, /?x=1, h, 5050, false",
    "https://h/a%20b?c=%26, /a%20b?c=%26, h, 443, true",
    "http://[::1]:1/, /, ::1, 1, false",
  })
  void uriBecomesTargetAndOrigin(URI uri, String target, String host, int port, boolean isTls) {
    assertThat(ClientRequest.get(uri).target()).isEqualTo(target);
    assertThat(Origin.of(uri)).isEqualTo(new Origin(isTls, host, port));
  }

  @Test
  void requestShowsNoSecrets() {
    assertThat(
            ClientRequest.get(URI.create("http://h:1/p?token=x")).with("Authorization", "secret"))
        .hasToString("GET http://h:1/p");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://h/", "/path", "http:///path", "h:80"})
  void uriIsHttpWithAHost(URI uri) {
    assertThatThrownBy(() -> ClientRequest.get(uri))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is not like http://host:port/path");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "get", "GET /\r\n"})
  void methodIsInCapitals(String method) {
    assertThatThrownBy(
            () -> new ClientRequest(method, URI.create("http://h"), Headers.EMPTY, new byte[0]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a method is in capitals");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        "//master:5050/state, https://master:5050/state",
        "http://other/, http://other/",
        "/here, https://h:1/here",
        "sub, https://h:1/a/sub",
        "'not a uri', none",
      })
  void locationIsResolved(String header, URI expected) {
    ClientResponse response =
        new ClientResponse(
            URI.create("https://h:1/a/b"), 307, Headers.of("location", header), new byte[0]);
    assertThat(response.location()).isEqualTo(expected);
  }

  @Test
  void thereMayBeNoLocation() {
    assertThat(
            new ClientResponse(URI.create("http://h"), 200, Headers.EMPTY, new byte[0]).location())
        .isNull();
  }

  @Test
  void limitsHaveDefaultsAndArePositive() {
    assertThat(ClientLimits.defaults())
        .isEqualTo(
            new ClientLimits(
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                Duration.ofMinutes(1),
                Duration.ofMinutes(35),
                64,
                1024,
                268435456,
                65536));
    assertThat(LinkLimits.defaults()).isEqualTo(new LinkLimits(16777216, 33554432));
    assertThatThrownBy(() -> new LinkLimits(0, 1)).hasMessageStartingWith("frameBytes is ");
    assertThatThrownBy(() -> new LinkLimits(1, 0)).hasMessageStartingWith("pendingBytes is ");
    String[] names = {
      "connectTime",
      "requestTime",
      "idleTime",
      "streamIdleTime",
      "connectionsPerHost",
      "waitingPerHost",
      "responseBytes",
      "headerBytes"
    };
    for (int wrong = 0; wrong < names.length; wrong++) {
      int at = wrong;
      assertThatThrownBy(() ->
              new ClientLimits(
                  Duration.ofSeconds(at == 0 ? 0 : 1),
                  Duration.ofSeconds(at == 1 ? 0 : 1),
                  Duration.ofSeconds(at == 2 ? 0 : 1),
                  Duration.ofSeconds(at == 3 ? 0 : 1),
                  at == 4 ? 0 : 1,
                  at == 5 ? 0 : 1,
                  at == 6 ? 0 : 1,
                  at == 7 ? 0 : 1))
          .hasMessageStartingWith(names[at] + " is ");
    }
  }
}
