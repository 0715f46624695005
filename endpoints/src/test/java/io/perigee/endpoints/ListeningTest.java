package io.perigee.endpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.common.Problems;
import io.perigee.common.option.Option;
import io.perigee.common.option.OptionTable;
import io.perigee.common.option.OptionType;
import io.perigee.common.option.OptionValues;
import io.perigee.net.Counters;
import io.perigee.net.tls.Tls;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListeningTest {
  private static final String NO_FILE = "/nowhere/x.pem";
  private static final Option<String> IP =
      new Option<>("ip", OptionType.TEXT, "Network", null, "Address.");
  private static final Option<String> HOSTNAME =
      new Option<>("hostname", OptionType.TEXT, "Network", null, "Name.");
  private static final Option<Path> CERT = file("tls_cert_file");
  private static final Option<Path> KEY = file("tls_key_file");
  private static final Option<Path> CA = file("tls_ca_file");
  private static final OptionTable TABLE = new OptionTable(List.of(IP, HOSTNAME, CERT, KEY, CA));

  private final Problems problems = new Problems();

  private static Option<Path> file(String name) {
    return new Option<>(name, OptionType.PATH, "Security", null, "File.");
  }

  private OptionValues values(String... flags) {
    return TABLE.read(List.of(flags), Map.of(), problems);
  }

  private @Nullable Tls tls(String... flags) {
    return Listening.tls(values(flags), CERT, KEY, CA, new Counters(), problems);
  }

  @Test
  void anAddressIsReadOrAProblem() {
    assertThat(Listening.address(values("--ip=127.0.0.1"), IP, problems))
        .isEqualTo(InetAddress.ofLiteral("127.0.0.1"));
    assertThat(problems.isEmpty()).isTrue();

    assertThat(Listening.address(values("--ip=256.1.1.1."), IP, problems)).isNull();
    assertThat(problems.texts())
        .containsExactly("--ip: '256.1.1.1.' is not known (expected: an address of this host)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "", "host:80", "a/b", "häuser", "a\n"})
  void whatIsNoHostNameIsAProblem(String name) {
    OptionValues values = values("--hostname=" + name);

    assertThat(Listening.hostname(values, HOSTNAME, InetAddress.getLoopbackAddress(), problems))
        .isEqualTo("127.0.0.1");
    assertThat(problems.texts()).singleElement().asString().startsWith("--hostname: '" + name);
  }

  @Test
  void aHostNameIsTakenAndTheAddressStandsInForIt() {
    InetAddress ip = InetAddress.getLoopbackAddress();

    assertThat(Listening.hostname(values("--hostname=node_1.example"), HOSTNAME, ip, problems))
        .isEqualTo("node_1.example");
    assertThat(Listening.hostname(values(), HOSTNAME, ip, problems)).isEqualTo("127.0.0.1");
    assertThat(Listening.hostname(values(), HOSTNAME, null, problems)).isEmpty();
    assertThat(problems.isEmpty()).isTrue();
  }

  @Test
  void whatTlsLacksIsAProblem() {
    assertThat(tls()).isNull();
    assertThat(problems.isEmpty()).as("plain TCP").isTrue();

    assertThat(tls("--tls_ca_file=" + NO_FILE)).isNull();
    assertThat(tls("--tls_cert_file=" + NO_FILE)).isNull();
    assertThat(tls("--tls_key_file=" + NO_FILE)).isNull();
    assertThat(tls("--tls_cert_file=" + NO_FILE, "--tls_key_file=" + NO_FILE)).isNull();
    assertThat(problems.texts())
        .satisfiesExactly(
            p -> assertThat(p).isEqualTo("--tls_ca_file: needs tls_cert_file and tls_key_file"),
            p ->
                assertThat(p)
                    .isEqualTo("--tls_cert_file: needs tls_key_file (expected: both or none)"),
            p ->
                assertThat(p)
                    .isEqualTo("--tls_key_file: needs tls_cert_file (expected: both or none)"),
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
