package io.perigee.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.mesos.v1.scheduler.Call;
import io.perigee.net.http.Headers;
import io.perigee.protocol.wire.WireFormat;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BodiesTest {
  private static final Call REVIVE = Call.newBuilder().setType(Call.Type.REVIVE).build();

  private static Bodies.Read<Call> read(String contentType, byte[] body) {
    return Bodies.read(
        Requests.post(Headers.of("Content-Type", contentType), body), Call.getDefaultInstance());
  }

  private static String refusal(Bodies.Read<Call> read) {
    assertThat(read).isInstanceOf(Bodies.Read.Refused.class);
    var response = ((Bodies.Read.Refused<Call>) read).response();
    return response.status() + " " + Answer.text(response);
  }

  @ParameterizedTest
  @EnumSource(WireFormat.class)
  void aBodyIsReadInTheFormatThatItsTypeNames(WireFormat format) {
    assertThat(read(format.mediaType(), format.encode(REVIVE)))
        .isEqualTo(new Bodies.Read.Parsed<>(REVIVE, format));
  }

  @Test
  void aBodyWithoutTypeIsRefused() {
    assertThat(refusal(Bodies.read(Requests.post(Headers.EMPTY, new byte[0]), REVIVE)))
        .isEqualTo("400 Expecting 'Content-Type' to be present");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "application/json; charset=utf-8",
        "APPLICATION/JSON",
        "",
        "application/jsonx"
      })
  void otherTypesAreRefusedAsByMesos(String type) {
    assertThat(refusal(read(type, WireFormat.JSON.encode(REVIVE))))
        .isEqualTo("415 Expecting 'Content-Type' of application/json or application/x-protobuf");
  }

  @Test
  void brokenBodiesAreToldFromMisfits() {
    assertThat(refusal(read("application/json", bytes("{\"type\":"))))
        .startsWith("400 Failed to parse body into JSON: ");
    assertThat(refusal(read("application/json", new byte[0])))
        .startsWith("400 Failed to parse body into JSON: ");
    assertThat(refusal(read("application/json", bytes("{\"subscribe\":7}"))))
        .startsWith("400 Failed to convert JSON into Call protobuf: ");
    assertThat(refusal(read("application/x-protobuf", bytes("no protobuf"))))
        .isEqualTo("400 Failed to parse body into Call protobuf");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
