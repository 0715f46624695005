package io.perigee.net.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcceptTest {
  private static final String JSON = "application/json";
  private static final String PROTOBUF = "application/x-protobuf";

  @ParameterizedTest
  @CsvSource(
      nullValues = "absent",
      delimiter = '|',
      value = {
        "absent|application/json",
        "''|application/json",
        "'  '|application/json",
        "*/*|application/json",
        "application/*|application/json",
        "application/json|application/json",
        "APPLICATION/JSON; charset=utf-8|application/json",
        "application/x-protobuf|application/x-protobuf",
        // The server's order counts, not the client's qualities.
        "application/x-protobuf, application/json;q=0.1|application/json",
        "application/x-protobuf;q=1.0, */*;q=0.001|application/json",
        // The more specific range decides.
        "application/json;q=0, */*|application/x-protobuf",
        "application/*;q=0, */*|absent",
        "application/x-protobuf, */*;q=0|application/x-protobuf",
        "application/json;q=0|absent",
        "application/json;q=0.000|absent",
        "text/html|absent",
        "text/*|absent",
        // Malformed elements are skipped.
        "application/json;q=x|absent",
        "application/json;q=2, application/x-protobuf|application/x-protobuf",
        "json, ;;, ,application/x-protobuf|application/x-protobuf",
        "json|absent",
      })
  void firstAcceptableOfferIsChosen(String header, String chosen) {
    assertThat(Accept.parse(header).choose(JSON, PROTOBUF)).isEqualTo(chosen);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "absent",
      delimiter = '|',
      value = {
        "absent|false",
        "''|false",
        "gzip|true",
        "deflate, GZIP;q=0.5|true",
        "gzip;q=0|false",
        "gzip;q=0.0|false",
        "*|false",
        "x-gzip|false",
        "identity|false",
      })
  void encodingMustBeNamed(String header, boolean isListed) {
    assertThat(Accept.parse(header).lists("gzip")).isEqualTo(isListed);
  }

  @Test
  void contentTypeIsReadLenientlyAndKeptAsSent() {
    assertThat(ContentType.parse(null)).isNull();
    ContentType type = ContentType.parse(" Application/JSON ; Charset=\"utf-8\";x;=y; b=1;b=2");
    assertThat(type)
        .isEqualTo(
            new ContentType(
                " Application/JSON ; Charset=\"utf-8\";x;=y; b=1;b=2",
                "application/json",
                Map.of("charset", "utf-8", "b", "1")));
    ContentType empty = ContentType.parse("");
    assertThat(empty).isEqualTo(new ContentType("", "", Map.of()));
  }
}
