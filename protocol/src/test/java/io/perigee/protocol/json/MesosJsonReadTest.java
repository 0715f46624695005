package io.perigee.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import io.perigee.mesos.v1.AgentID;
import io.perigee.mesos.v1.CapabilityInfo;
import io.perigee.mesos.v1.CheckInfo;
import io.perigee.mesos.v1.CommandInfo;
import io.perigee.mesos.v1.ContainerID;
import io.perigee.mesos.v1.DurationInfo;
import io.perigee.mesos.v1.KillPolicy;
import io.perigee.mesos.v1.Label;
import io.perigee.mesos.v1.Labels;
import io.perigee.mesos.v1.MasterInfo;
import io.perigee.mesos.v1.NetworkInfo;
import io.perigee.mesos.v1.Resource;
import io.perigee.mesos.v1.TimeInfo;
import io.perigee.mesos.v1.UUID;
import io.perigee.mesos.v1.Value;
import io.perigee.mesos.v1.agent.Call;
import io.perigee.mesos.v1.master.Call.DrainAgent;
import io.perigee.protocol.Decoded;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MesosJsonReadTest {

  private static <M extends Message> Decoded<M> read(String json, M prototype) {
    return MesosJson.V1.read(json.getBytes(StandardCharsets.UTF_8), prototype);
  }

  private static void reads(String json, Message expected) {
    assertThat(read(json, expected)).as(json).isEqualTo(new Decoded.Parsed<>(expected));
  }

  private static void misfits(String json, Message prototype, String detail) {
    assertThat(read(json, prototype)).as(json).isEqualTo(new Decoded.MisfitJson<>(detail));
  }

  private static void malformed(String json, String detail) {
    assertThat(read(json, Labels.getDefaultInstance()))
        .as(json)
        .isEqualTo(new Decoded.MalformedJson<>(detail));
  }

  @Test
  void unknownKeysAreSkippedWhateverTheyHold() {
    reads(
        "{\"x\":{\"shell\":[{}]},\"y\":[[1,\"\\ud83d\"]],\"shell\":false,\"z\":null}",
        CommandInfo.newBuilder().setShell(false).build());
  }

  @Test
  void nullLeavesAFieldUnsetAndAListWithoutTheElement() {
    reads("{\"shell\":null,\"environment\":null,\"uris\":null}", CommandInfo.getDefaultInstance());
    reads("{\"arguments\":[null,\"a\",null]}", CommandInfo.newBuilder().addArguments("a").build());
    misfits(
        "{\"nanoseconds\":null}",
        TimeInfo.getDefaultInstance(),
        "Missing required fields: nanoseconds");
  }

  @Test
  void theLastOfEqualKeysCounts() {
    reads("{\"value\":\"a\",\"value\":\"b\"}", CommandInfo.newBuilder().setValue("b").build());
    reads("{\"value\":\"a\",\"value\":null}", CommandInfo.getDefaultInstance());
    reads(
        "{\"arguments\":[\"a\"],\"arguments\":[\"b\"]}",
        CommandInfo.newBuilder().addArguments("b").build());
    reads(
        "{\"grace_period\":{\"nanoseconds\":1},\"grace_period\":{\"nanoseconds\":2}}",
        KillPolicy.newBuilder()
            .setGracePeriod(DurationInfo.newBuilder().setNanoseconds(2))
            .build());
    Value.Scalar two = Value.Scalar.newBuilder().setValue(2).build();
    reads(
        "{\"container_id\":{\"value\":\"c\"},\"limits\":{\"a\":{\"value\":1},\"b\":{\"value\":2}},"
            + "\"limits\":{\"a\":{\"value\":1},\"a\":{\"value\":2}}}",
        Call.LaunchContainer.newBuilder()
            .setContainerId(ContainerID.newBuilder().setValue("c"))
            .putLimits("a", two)
            .build());
  }

  @Test
  void aSingleValueIsAListOfOneAndListsInListsAreFlat() {
    reads("{\"arguments\":\"a\"}", CommandInfo.newBuilder().addArguments("a").build());
    reads(
        "{\"labels\":{\"key\":\"k\"}}",
        Labels.newBuilder().addLabels(Label.newBuilder().setKey("k")).build());
    reads(
        "{\"arguments\":[[\"a\"],[[\"b\"]]]}",
        CommandInfo.newBuilder().addArguments("a").addArguments("b").build());
  }

  @ParameterizedTest
  @CsvSource({
    "5, 5",
    "\"5\", 5",
    "\" 5 \", 5",
    "5.0, 5",
    "5., 5",
    "0005, 5",
    "5e3, 5000",
    "\"5e3\", 5000",
    "500E-2, 5",
    "5.9, 5",
    "-5.9, -5",
    "1e-999999, 0",
    "0e999999, 0",
    "-0, 0",
    "9223372036854775807, 9223372036854775807",
    "-9223372036854775808, -9223372036854775808",
    "\"9223372036854775807\", 9223372036854775807",
    "9007199254740993.0, 9007199254740993",
    "1795439942692209920, 1795439942692209920"
  })
  void integersComeInManyForms(String json, long expected) {
    reads("{\"nanoseconds\":" + json + "}", TimeInfo.newBuilder().setNanoseconds(expected).build());
  }

  @ParameterizedTest
  @CsvSource({
    "18446744073709551615, 4294967295",
    "-1, 4294967295",
    "4294967296, 0",
    "70000, 70000"
  })
  void integersAreCutToTheirWidthAsInC(String json, long port) {
    Value.Range range = Value.Range.newBuilder().setBegin(-1).setEnd(0).build();
    reads("{\"begin\":18446744073709551615,\"end\":0}", range);
    reads(
        "{\"id\":\"m\",\"ip\":1,\"port\":" + json + "}",
        MasterInfo.newBuilder().setId("m").setIp(1).setPort((int) port).build());
  }

  @ParameterizedTest
  @CsvSource({
    "1e20",
    "18446744073709551616",
    "-9223372036854775809",
    "1e999999",
    "NaN",
    "Infinity"
  })
  void numbersOfMoreThan64BitsFitNoInteger(String json) {
    misfits(
        "{\"nanoseconds\":" + json + "}",
        TimeInfo.getDefaultInstance(),
        "Number out of range for field 'nanoseconds'");
  }

  @ParameterizedTest
  @CsvSource({
    "4, 4.0",
    "4.0, 4.0",
    "\"0.1\", 0.1",
    "-0.0, -0.0",
    "\"-0.0\", -0.0",
    "1e999999, Infinity",
    "\"Infinity\", Infinity",
    "\"-Infinity\", -Infinity",
    "\"NaN\", NaN",
    "Infinity, Infinity",
    "-Infinity, -Infinity",
    "NaN, NaN",
    "4.9e-324, 4.9e-324",
    "18446744073709551616, 18446744073709551616"
  })
  void doublesComeInManyForms(String json, double expected) {
    reads("{\"value\":" + json + "}", Value.Scalar.newBuilder().setValue(expected).build());
  }

  @Test
  void booleansMayBeTexts() {
    reads("{\"shell\":\"true\"}", CommandInfo.newBuilder().setShell(true).build());
    reads("{\"shell\":\" false\"}", CommandInfo.newBuilder().setShell(false).build());
  }

  @Test
  void base64MayHaveWhiteSpaceAndLackPadding() {
    for (String text : new String[] {"+/8AAQ==", "+/8AAQ", " +/8A\\nAQ = =", "+/8AAQ==ignored"}) {
      reads(
          "{\"value\":\"" + text + "\"}",
          UUID.newBuilder()
              .setValue(ByteString.copyFrom(new byte[] {(byte) 0xfb, (byte) 0xff, 0, 1}))
              .build());
    }
    reads("{\"value\":\"A\"}", UUID.newBuilder().setValue(ByteString.EMPTY).build());
    reads("{\"value\":\"\"}", UUID.newBuilder().setValue(ByteString.EMPTY).build());
  }

  @Test
  void unknownEnumNamesLeaveOptionalFieldsUnsetAndListsWithoutThem() {
    reads("{\"type\":\"NEW\"}", CheckInfo.getDefaultInstance());
    misfits(
        "{\"name\":\"n\",\"type\":\"NEW\"}",
        Resource.getDefaultInstance(),
        "Failed to find enum for 'NEW'");
    reads(
        "{\"capabilities\":[\"NEW\",\"CHOWN\"]}",
        CapabilityInfo.newBuilder().addCapabilities(CapabilityInfo.Capability.CHOWN).build());
  }

  @ParameterizedTest
  @CsvSource({
    "10mins, 600000000000",
    "1.5secs, 1500000000",
    "2 hrs, 7200000000000",
    "-3ms, -3000000",
    "0ns, 0",
    "15250weeks, 9223200000000000000"
  })
  void durationsMayBeTexts(String text, long nanoseconds) {
    reads(
        "{\"grace_period\":\"" + text + "\"}",
        KillPolicy.newBuilder()
            .setGracePeriod(DurationInfo.newBuilder().setNanoseconds(nanoseconds))
            .build());
  }

  @ParameterizedTest
  @CsvSource({"10", "mins", "10 minutes", "1e3secs", "99999weeks", "''"})
  void otherTextsAreNoDurations(String text) {
    misfits(
        "{\"grace_period\":\"" + text + "\"}",
        KillPolicy.getDefaultInstance(),
        "Not expecting a JSON string for field 'grace_period'");
  }

  @ParameterizedTest
  @CsvSource({
    "'{\"nanoseconds\":1500000000}', 1, 500000000",
    "'{\"nanoseconds\":\"-1500000000\"}', -1, -500000000",
    "'{\"seconds\":1,\"nanos\":500000000}', 1, 500000000",
    "'\"90secs\"', 90, 0",
    "'{\"nanoseconds\":null}', 0, 0",
    "'{}', 0, 0"
  })
  void theDurationOfDrainAgentComesInThreeForms(String json, long seconds, int nanos) {
    DrainAgent expected =
        DrainAgent.newBuilder()
            .setAgentId(AgentID.newBuilder().setValue("a"))
            .setMaxGracePeriod(Duration.newBuilder().setSeconds(seconds).setNanos(nanos))
            .build();
    reads("{\"agent_id\":{\"value\":\"a\"},\"max_grace_period\":" + json + "}", expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"value\":1}|Not expecting a JSON number for field 'value'",
        "{\"value\":true}|Not expecting a JSON boolean for field 'value'",
        "{\"value\":{}}|Not expecting a JSON object for field 'value'",
        "{\"value\":[\"a\"]}|Not expecting a JSON array for field 'value'",
        "{\"shell\":1}|Not expecting a JSON number for field 'shell'",
        "{\"arguments\":[\"a\",1]}|Not expecting a JSON number for field 'arguments'",
        "{\"environment\":\"x\"}|Not expecting a JSON string for field 'environment'",
        "{\"uris\":[{\"value\":[]}]}|Not expecting a JSON array for field 'value'",
        "{\"uris\":[{\"value\":\"a\"},{}]}|Missing required fields: uris[1].value",
        "{\"shell\":\"yes\"}|Failed to parse 'yes' as a JSON boolean for field 'shell': syntax error at line 1 near: yes"
      })
  void valuesThatDoNotFitAreRefusedInStoutsWords(String json, String detail) {
    misfits(json, CommandInfo.getDefaultInstance(), detail);
  }

  @Test
  void otherTypesRefuseInStoutsWordsToo() {
    misfits(
        "{\"value\":\"a-b\"}",
        UUID.getDefaultInstance(),
        "Failed to base64 decode bytes field 'value': Invalid character '-'");
    misfits(
        "{\"nanoseconds\":\"ten\"}",
        TimeInfo.getDefaultInstance(),
        "Failed to parse 'ten' as a JSON number for field 'nanoseconds':"
            + " syntax error at line 1 near: ten");
    misfits(
        "{\"ip_addresses\":[{\"protocol\":1}]}",
        NetworkInfo.getDefaultInstance(),
        "Not expecting a JSON number for field 'protocol'");
    misfits(
        "{\"container_id\":{\"value\":\"c\"},\"limits\":[{\"key\":\"a\",\"value\":{}}]}",
        Call.LaunchContainer.getDefaultInstance(),
        "Not expecting a JSON string for field 'value'");
    misfits("[]", Labels.getDefaultInstance(), "Expecting a JSON object");
    misfits("\"{}\"", Labels.getDefaultInstance(), "Expecting a JSON object");
    misfits("null", Labels.getDefaultInstance(), "Expecting a JSON object");
    misfits(" 12 ", Labels.getDefaultInstance(), "Expecting a JSON object");
  }

  @Test
  void aMapEntryOfNullHasTheEmptyValue() {
    misfits(
        "{\"container_id\":{\"value\":\"c\"},\"limits\":{\"a\":null}}",
        Call.LaunchContainer.getDefaultInstance(),
        "Missing required fields: limits[0].value.value");
  }

  @Test
  void syntaxErrorsTellLineAndRestOfTheLine() {
    malformed("", "syntax error at line 1 near: ");
    malformed(" \n\n ", "syntax error at line 3 near: ");
    malformed("{\"labels\":", "syntax error at line 1 near: ");
    malformed("{\"labels\":?}\n", "syntax error at line 1 near: ?}");
    malformed("{\n\"labels\":[,]}", "syntax error at line 2 near: ,]}");
    malformed("{\"a\":1,}", "syntax error at line 1 near: }");
    malformed("{'a':1}", "syntax error at line 1 near: 'a':1}");
    malformed("{\"a\":\"\t\"}", "syntax error at line 1 near: \"}");
  }

  @Test
  void aSyntaxErrorBehindAValueThatDoesNotFitComesFirst() {
    malformed("{\"labels\":1,?}", "syntax error at line 1 near: ?}");
    malformed("{\"labels\":1", "syntax error at line 1 near: ");
    malformed("[1,", "syntax error at line 1 near: ");
    malformed("{\"labels\":1} x", "Parsed JSON included non-whitespace trailing characters: x");
    malformed("{}}", "Parsed JSON included non-whitespace trailing characters: }");
    malformed("[] []", "Parsed JSON included non-whitespace trailing characters: []");
    reads("{} \r\n\t ", Labels.getDefaultInstance());
  }

  @Test
  void halfASurrogatePairIsASyntaxErrorAsInPicojson() {
    malformed("{\"labels\":{\"key\":\"a\\ud83d\"}}", "syntax error at line 1 near: }}");
    reads(
        "{\"labels\":{\"key\":\"\\ud83d\\ude00\\u0000\\/\"}}",
        Labels.newBuilder().addLabels(Label.newBuilder().setKey("😀\u0000/")).build());
  }
}
