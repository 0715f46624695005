package io.perigee.protocol;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.perigee.protocol.testing.MessageTypes;
import io.perigee.protocol.wire.WireFormat;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bodies that Mesos refused, with the texts it refused them with. */
class RefusedBodyTest {

  /** Columns: recording, type, format, body in base64, text of the 400. */
  static List<String[]> rows() {
    return GoldenBody.rows("refused.tsv");
  }

  @Test
  void theRecordingsAreHere() {
    assertThat(rows()).hasSize(12);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void isRefusedInTheSameWords(
      String name, String type, String format, String body, String expected) {
    Message prototype = requireNonNull(MessageTypes.prototypes().get(type));
    String text =
        switch (WireFormat.valueOf(format).decode(Base64.getDecoder().decode(body), prototype)) {
          case Decoded.Parsed<Message>(Message message) -> "parsed " + message;
          case Decoded.MalformedJson<Message>(String detail) ->
              "Failed to parse body into JSON: " + detail;
          case Decoded.MisfitJson<Message>(String detail) ->
              "Failed to convert JSON into Call protobuf: " + detail;
          case Decoded.MalformedProtobuf<Message>(String ignored) ->
              name.startsWith("agent")
                  ? "Failed to parse body into a protobuf object"
                  : "Failed to parse body into Call protobuf";
        };
    assertThat(text).isEqualTo(expected);
  }
}
