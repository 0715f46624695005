package io.perigee.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.perigee.mesos.v1.FrameworkID;
import io.perigee.mesos.v1.scheduler.Call;
import io.perigee.protocol.Decoded;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WireFormatTest {

  @Test
  void mediaTypesAreThoseOfMesos() {
    assertThat(WireFormat.JSON.mediaType()).isEqualTo("application/json");
    assertThat(WireFormat.PROTOBUF.mediaType()).isEqualTo("application/x-protobuf");
  }

  @ParameterizedTest
  @EnumSource
  void whatIsEncodedDecodesToTheMessage(WireFormat format) {
    Call call =
        Call.newBuilder()
            .setType(Call.Type.REVIVE)
            .setFrameworkId(FrameworkID.newBuilder().setValue("f"))
            .build();
    assertThat(format.decode(format.encode(call), Call.getDefaultInstance()))
        .isEqualTo(new Decoded.Parsed<>(call));
  }

  @ParameterizedTest
  @EnumSource
  void aMissingRequiredFieldIsAValue(WireFormat format) {
    Message incomplete =
        Call.newBuilder().setFrameworkId(FrameworkID.newBuilder().buildPartial()).buildPartial();
    byte[] body =
        switch (format) {
          case JSON -> "{\"framework_id\":{}}".getBytes(StandardCharsets.UTF_8);
          case PROTOBUF -> incomplete.toByteArray();
        };
    Decoded<Call> decoded = format.decode(body, Call.getDefaultInstance());
    switch (format) {
      case JSON ->
          assertThat(decoded)
              .isEqualTo(new Decoded.MisfitJson<>("Missing required fields: framework_id.value"));
      case PROTOBUF -> assertThat(decoded).isInstanceOf(Decoded.MalformedProtobuf.class);
    }
  }
}
