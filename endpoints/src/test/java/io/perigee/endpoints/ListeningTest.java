package io.perigee.endpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.common.Problems;
import io.perigee.net.Counters;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListeningTest {
  private static final Path NO_FILE = Path.of("/nowhere/x.pem");
  private final Problems problems = new Problems();

  @Test
  void anAddressIsReadOrAProblem() {
    assertThat(Listening.address("127.0.0.1", problems))
        .isEqualTo(InetAddress.ofLiteral("127.0.0.1"));
    assertThat(problems.isEmpty()).isTrue();

    assertThat(Listening.address("256.1.1.1.", problems)).isNull();
    assertThat(problems.texts())
        .containsExactly("--ip: '256.1.1.1.' is not known (expected: an address of this host)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "", "host:80", "a/b", "häuser", "a\n"})
  void whatIsNoHostNameIsAProblem(String name) {
    assertThat(Listening.hostname(name, InetAddress.getLoopbackAddress(), problems))
        .isEqualTo("127.0.0.1");
    assertThat(problems.texts()).singleElement().asString().startsWith("--hostname: '" + name);
  }

  @Test
  void aHostNameIsTakenAndTheAddressStandsInForIt() {
    InetAddress ip = InetAddress.getLoopbackAddress();

    assertThat(Listening.hostname("node_1.example", ip, problems)).isEqualTo("node_1.example");
    assertThat(Listening.hostname(null, ip, problems)).isEqualTo("127.0.0.1");
    assertThat(problems.isEmpty()).isTrue();
  }

  @Test
  void whatTlsLacksIsAProblem() {
    assertThat(Listening.tls(null, null, null, new Counters(), problems)).isNull();
    assertThat(problems.isEmpty()).as("plain TCP").isTrue();

    assertThat(Listening.tls(null, null, NO_FILE, new Counters(), problems)).isNull();
    assertThat(Listening.tls(NO_FILE, null, null, new Counters(), problems)).isNull();
    assertThat(Listening.tls(NO_FILE, NO_FILE, null, new Counters(), problems)).isNull();
    assertThat(problems.texts())
        .hasSize(3)
        .satisfiesExactly(
            p -> assertThat(p).contains("--tls_ca_file: needs --tls_cert_file"),
            p -> assertThat(p).contains("one is missing"),
            p -> assertThat(p).contains("/nowhere/x.pem cannot be read"));
  }

  @Test
  void durationsHaveBounds() {
    var type = DurationRange.of(Duration.ofMillis(1), Duration.ofDays(7));

    assertThat(type.parser().apply("1ms")).isEqualTo(Duration.ofMillis(1));
    assertThat(type.parser().apply("1weeks")).isEqualTo(Duration.ofDays(7));
    for (String outside : new String[] {"0ns", "-5secs", "999us", "8days"}) {
      assertThatThrownBy(() -> type.parser().apply(outside))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("from 1ms to 1weeks");
    }
  }
}
