package io.perigee.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import io.perigee.mesos.v1.CommandInfo;
import io.perigee.mesos.v1.Filters;
import io.perigee.mesos.v1.FrameworkInfo;
import io.perigee.mesos.v1.Label;
import io.perigee.mesos.v1.MasterInfo;
import io.perigee.mesos.v1.MesosProto;
import io.perigee.mesos.v1.OperationID;
import io.perigee.mesos.v1.RateLimit;
import io.perigee.mesos.v1.Resource;
import io.perigee.mesos.v1.UUID;
import io.perigee.mesos.v1.Value;
import io.perigee.mesos.v1.agent.Call;
import io.perigee.mesos.v1.master.Response;
import io.perigee.protocol.testing.MessageTypes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MesosJsonWriteTest {

  private static String json(Message message) {
    return new String(MesosJson.V1.write(message), StandardCharsets.UTF_8);
  }

  @Test
  void explicitDefaultsAreWrittenThoughUnsetButNotThoseOfDeprecatedFields() {
    // role has the default "*" and is deprecated.
    assertThat(json(FrameworkInfo.newBuilder().setUser("u").setName("n").build()))
        .isEqualTo("{\"user\":\"u\",\"name\":\"n\",\"failover_timeout\":0.0,\"checkpoint\":false}");
    assertThat(json(CommandInfo.getDefaultInstance())).isEqualTo("{\"shell\":true}");
    assertThat(json(Filters.getDefaultInstance())).isEqualTo("{\"refuse_seconds\":5.0}");
  }

  @Test
  void aDeprecatedFieldIsWrittenWhenSet() {
    Resource.Builder resource =
        Resource.newBuilder().setName("cpus").setType(Value.Type.SCALAR).setRole("*");
    assertThat(json(resource.build()))
        .isEqualTo("{\"name\":\"cpus\",\"type\":\"SCALAR\",\"role\":\"*\"}");
  }

  @Test
  void emptyListsAreLeftOutButForThoseTheOperatorApiAlwaysShows() {
    Response.GetTasks none = Response.GetTasks.getDefaultInstance();
    assertThat(json(none))
        .isEqualTo("{\"tasks\":[],\"unreachable_tasks\":[],\"completed_tasks\":[]}");
    assertThat(json(Response.GetOperations.getDefaultInstance())).isEqualTo("{}");
    assertThat(json(io.perigee.mesos.v1.agent.Response.GetTasks.getDefaultInstance()))
        .isEqualTo(
            "{\"pending_tasks\":[],\"queued_tasks\":[],\"launched_tasks\":[],"
                + "\"terminated_tasks\":[],\"completed_tasks\":[]}");
  }

  @Test
  void everyListAlwaysWrittenExists() {
    long found =
        MessageTypes.prototypes().values().stream()
            .flatMap(type -> type.getDescriptorForType().getFields().stream())
            .filter(ListsWrittenEmpty::contains)
            .filter(field -> field.isRepeated())
            .count();
    assertThat(found).isEqualTo(17);
  }

  @Test
  void integersOfAnyWidthAreNumbers() {
    assertThat(json(Value.Range.newBuilder().setBegin(-1).setEnd(Long.MAX_VALUE).build()))
        .isEqualTo("{\"begin\":18446744073709551615,\"end\":9223372036854775807}");
    assertThat(json(MasterInfo.newBuilder().setId("m").setIp(-1).setPort(5050).build()))
        .isEqualTo("{\"id\":\"m\",\"ip\":4294967295,\"port\":5050}");
  }

  @ParameterizedTest
  @CsvSource({
    "Infinity, \"Infinity\"",
    "-Infinity, \"-Infinity\"",
    "NaN, NaN",
    "-0.0, -0.0",
    "0.1, 0.1"
  })
  void doublesThatAreNoNumbers(double value, String expected) {
    assertThat(json(Value.Scalar.newBuilder().setValue(value).build()))
        .isEqualTo("{\"value\":" + expected + "}");
  }

  @Test
  void bytesArePaddedBase64() {
    ByteString bytes = ByteString.copyFrom(new byte[] {(byte) 0xfb, (byte) 0xff, 0, 1});
    assertThat(json(UUID.newBuilder().setValue(bytes).build()))
        .isEqualTo("{\"value\":\"+/8AAQ==\"}");
  }

  @Test
  void mapsAreObjects() {
    Value.Scalar two = Value.Scalar.newBuilder().setValue(2).build();
    Call.LaunchContainer launch =
        Call.LaunchContainer.newBuilder().putLimits("cpus", two).putLimits("", two).buildPartial();
    assertThat(json(launch))
        .isEqualTo("{\"limits\":{\"cpus\":{\"value\":2.0},\"\":{\"value\":2.0}}}");
  }

  @Test
  void onlyQuotesBackslashesAndControlCharactersAreEscaped() {
    assertThat(
            json(Label.newBuilder().setKey("\"\\/\b\f\n\r\t\u0001\u001f\u007f<é\u2028😀").build()))
        .isEqualTo("{\"key\":\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001F\u007f<é\u2028😀\"}");
  }

  @Test
  void halfASurrogatePairIsEscapedSinceNoBytesCanHoldIt() {
    assertThat(json(Label.newBuilder().setKey("a\ud83d").build()))
        .isEqualTo("{\"key\":\"a\\uD83D\"}");
  }

  @Test
  void anUnknownEnumValueIsAsGoodAsUnset() throws IOException {
    UnknownFieldSet newer =
        UnknownFieldSet.newBuilder()
            .addField(1, UnknownFieldSet.Field.newBuilder().addVarint(4711).build())
            .build();
    MasterInfo.Capability capability = MasterInfo.Capability.parseFrom(newer.toByteString());
    assertThat(json(capability)).isEqualTo("{}");
  }

  @Test
  void aMissingRequiredFieldIsLeftOut() {
    assertThat(json(OperationID.newBuilder().buildPartial())).isEqualTo("{}");
  }

  @Test
  void aStreamIsLeftOpenAndGetsTheSameBytes() throws IOException {
    ByteArrayOutputStream bytes =
        new ByteArrayOutputStream() {
          @Override
          public void close() {
            throw new IllegalStateException("closed");
          }
        };
    RateLimit limit = RateLimit.newBuilder().setPrincipal("p").setQps(1.5).build();
    MesosJson.V1.write(limit, (OutputStream) bytes);
    assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo(json(limit));
  }

  @Test
  void aMessageCanStandInTheMiddleOfADocument() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = new JsonFactory().createGenerator(bytes)) {
      out.writeStartArray();
      out.writeNumber(1);
      MesosJson.V1.write(OperationID.newBuilder().setValue("o").build(), out);
      out.writeEndArray();
    }
    assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("[1,{\"value\":\"o\"}]");
  }

  @Test
  void aMessageOfAnotherFileIsAMistake() {
    MesosJson onlyMesos = new MesosJson(List.of(MesosProto.getDescriptor()));
    assertThat(onlyMesos.write(OperationID.newBuilder().setValue("o").build())).isNotEmpty();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> onlyMesos.write(FileDescriptorProto.getDefaultInstance()))
        .withMessageContaining("google.protobuf.FileDescriptorProto");
  }
}
