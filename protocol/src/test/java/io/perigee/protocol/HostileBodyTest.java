package io.perigee.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.google.protobuf.Message;
import io.perigee.common.SeededRandom;
import io.perigee.mesos.v1.TimeInfo;
import io.perigee.mesos.v1.agent.Call.LaunchContainer;
import io.perigee.mesos.v1.scheduler.Call;
import io.perigee.protocol.Decoded.MalformedJson;
import io.perigee.protocol.Decoded.MisfitJson;
import io.perigee.protocol.Decoded.Parsed;
import io.perigee.protocol.wire.WireFormat;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Whatever the body, reading it ends with a value, in time linear in its length. */
class HostileBodyTest {
  private static final int MEGABYTES = 4_000_000;

  /** Each of these takes well under a second; anything quadratic in 4 MB takes hours. */
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private static final Call CALL = Call.getDefaultInstance();

  private static Decoded<Call> read(String body) {
    return read(body.getBytes(StandardCharsets.UTF_8));
  }

  private static Decoded<Call> read(byte[] body) {
    return assertTimeoutPreemptively(LIMIT, () -> WireFormat.JSON.decode(body, CALL));
  }

  @Test
  void hundredLevelsAreReadAndOneMoreIsASyntaxError() {
    assertThat(read("{\"x\":" + "[".repeat(99) + "]".repeat(99) + "}")).isInstanceOf(Parsed.class);
    assertThat(read("{\"x\":" + "[".repeat(100) + "]".repeat(100) + "}"))
        .isInstanceOf(MalformedJson.class);
    assertThat(read("[".repeat(MEGABYTES))).isInstanceOf(MalformedJson.class);
    assertThat(read("{\"subscribe\":".repeat(MEGABYTES / 13))).isInstanceOf(MalformedJson.class);
  }

  @Test
  void recursiveMessagesEndAtTheSameDepth() {
    LaunchContainer launch = LaunchContainer.getDefaultInstance();
    for (int depth : new int[] {97, 98, 99, 10_000}) {
      String id =
          "{\"value\":\"c\",\"parent\":".repeat(depth) + "{\"value\":\"c\"}" + "}".repeat(depth);
      byte[] body = ("{\"container_id\":" + id + "}").getBytes(StandardCharsets.UTF_8);
      assertThat(WireFormat.JSON.decode(body, launch))
          .as("depth %d", depth)
          .isInstanceOf(depth <= 98 ? Parsed.class : MalformedJson.class);
    }
  }

  @Test
  void hugeNumbersAreNoHugeWork() {
    String digits = "9".repeat(MEGABYTES);
    assertThat(read("{\"x\":" + digits + "}")).isInstanceOf(MalformedJson.class);
    assertThat(read("{\"x\":0." + digits + "}")).isInstanceOf(MalformedJson.class);
    assertThat(read("{\"x\":1e" + digits + "}")).isInstanceOf(MalformedJson.class);
    String seconds = "{\"accept\":{\"filters\":{\"refuse_seconds\":%s}}}";
    assertThat(read(seconds.formatted("1e999999999999"))).isInstanceOf(Parsed.class);
    assertThat(read(seconds.formatted("\"" + digits + "\""))).isInstanceOf(MisfitJson.class);
    assertThat(read(seconds.formatted("1" + "0".repeat(900)))).isInstanceOf(Parsed.class);
  }

  @Test
  void hugeExponentsFitNoInteger() {
    TimeInfo time = TimeInfo.getDefaultInstance();
    for (String number :
        List.of("1e999999", "1e2147483647", "1e99999999999", "-1e-99999999999", "1e-2147483648")) {
      for (String value : List.of(number, "\"" + number + "\"")) {
        byte[] body = ("{\"nanoseconds\":" + value + "}").getBytes(StandardCharsets.UTF_8);
        assertThat(assertTimeoutPreemptively(LIMIT, () -> WireFormat.JSON.decode(body, time)))
            .as(value)
            .isEqualTo(new MisfitJson<>("Number out of range for field 'nanoseconds'"));
      }
    }
  }

  @Test
  void manyKeysAreReadInLinearTime() {
    String same = "\"revive\":{\"roles\":[\"a\",\"b\"]},".repeat(MEGABYTES / 29);
    assertThat(read("{" + same + "\"type\":\"REVIVE\"}")).isInstanceOf(Parsed.class);
    String different =
        IntStream.range(0, MEGABYTES / 12)
            .mapToObj(i -> "\"" + i + "\":0")
            .collect(Collectors.joining(","));
    assertThat(read("{" + different + "}")).isInstanceOf(Parsed.class);
    String list = "null,\"a\",".repeat(MEGABYTES / 9);
    assertThat(read("{\"revive\":{\"roles\":[" + list + "\"a\"]}}")).isInstanceOf(Parsed.class);
  }

  @Test
  void manyMapEntriesAreReadInLinearTime() {
    String entries =
        IntStream.range(0, MEGABYTES / 25)
            .mapToObj(i -> "\"" + i + "\":{\"value\":1.5}")
            .collect(Collectors.joining(","));
    byte[] body =
        ("{\"container_id\":{\"value\":\"c\"},\"limits\":{" + entries + "}}")
            .getBytes(StandardCharsets.UTF_8);
    assertThat(
            assertTimeoutPreemptively(
                LIMIT, () -> WireFormat.JSON.decode(body, LaunchContainer.getDefaultInstance())))
        .isInstanceOf(Parsed.class);
  }

  @Test
  void longTextsAreReadAndErrorsStayShort() {
    String text = "x".repeat(MEGABYTES);
    assertThat(read("{\"type\":\"" + text + "\"}")).isInstanceOf(Parsed.class);
    assertThat(read("{\"" + text + "\":1}")).isInstanceOf(Parsed.class);
    assertThat(read("{\"type\":\"" + "\\n".repeat(MEGABYTES / 2)))
        .isInstanceOf(MalformedJson.class);
    assertThat(read("{\"type\":?" + text).toString()).hasSizeLessThan(500);
    assertThat(read("{}" + text).toString()).hasSizeLessThan(500);
    assertThat(read("{\"accept\":{\"filters\":{\"refuse_seconds\":\"" + text + "\"}}}").toString())
        .hasSizeLessThan(500);
  }

  @Test
  void invalidUtf8IsASyntaxError() {
    for (String bytes :
        List.of("ff", "c3", "c328", "e282", "eda080", "f8888080", "80", "f4908080")) {
      byte[] bad = HexFormat.of().parseHex(bytes);
      byte[] body = new byte[bad.length + 12];
      System.arraycopy("{\"type\":\"".getBytes(StandardCharsets.US_ASCII), 0, body, 0, 9);
      System.arraycopy(bad, 0, body, 9, bad.length);
      System.arraycopy("\"} ".getBytes(StandardCharsets.US_ASCII), 0, body, 9 + bad.length, 3);
      assertThat(read(body)).as(bytes).isInstanceOf(MalformedJson.class);
    }
  }

  @Test
  void noOtherEncodingIsGuessed() {
    assertThat(read("{}".getBytes(StandardCharsets.UTF_16BE))).isInstanceOf(MalformedJson.class);
    assertThat(read("{}".getBytes(StandardCharsets.UTF_16LE))).isInstanceOf(MalformedJson.class);
    assertThat(read(new byte[] {0, 0, 0, '{'})).isInstanceOf(MalformedJson.class);
  }

  @Test
  void mutatedRecordingsNeverThrow() {
    List<GoldenBody> bodies = GoldenBody.all();
    Map<String, Integer> outcomes = new HashMap<>();
    assertTimeoutPreemptively(
        Duration.ofMinutes(2),
        () -> {
          for (int seed = 0; seed < 15_000; seed++) {
            SeededRandom random = new SeededRandom(seed);
            GoldenBody body = bodies.get(random.nextInt(bodies.size()));
            byte[] mutated = mutate(body.bytes(), random);
            try {
              Decoded<Message> decoded = body.format().decode(mutated, body.type());
              outcomes.merge(decoded.getClass().getSimpleName(), 1, Integer::sum);
              if (decoded instanceof Parsed<Message>(Message message)) {
                WireFormat.JSON.encode(message);
              }
            } catch (RuntimeException e) {
              throw new AssertionError("seed " + seed + " of " + body, e);
            }
          }
        });
    assertThat(outcomes)
        .containsOnlyKeys("Parsed", "MalformedJson", "MisfitJson", "MalformedProtobuf")
        .allSatisfy((outcome, count) -> assertThat(count).as(outcome).isGreaterThan(100));
  }

  private static final List<String> TOKENS =
      List.of(
          "{",
          "}",
          "[",
          "]",
          ",",
          ":",
          "\"",
          "null",
          "true",
          "-1",
          "1e999",
          "0.5",
          "\"\"",
          "{}",
          "[]",
          "\\u0000",
          "\\ud800",
          "NaN",
          "-Infinity",
          "\"x\":",
          "99999999999999999999",
          "\u00e9");

  private static byte[] mutate(byte[] original, SeededRandom random) {
    byte[] bytes = original;
    for (int i = random.nextInt(4); i >= 0; i--) {
      int at = random.nextInt(bytes.length + 1);
      int end = Math.min(bytes.length, at + random.nextInt(random.chance(0.2) ? 200 : 4));
      byte[] inserted =
          switch (random.nextInt(4)) {
            case 0 -> TOKENS.get(random.nextInt(TOKENS.size())).getBytes(StandardCharsets.UTF_8);
            case 1 -> new byte[] {(byte) random.nextInt(256)};
            case 2 -> Arrays.copyOfRange(original, 0, random.nextInt(original.length + 1));
            default -> new byte[0];
          };
      byte[] next = new byte[at + inserted.length + bytes.length - end];
      System.arraycopy(bytes, 0, next, 0, at);
      System.arraycopy(inserted, 0, next, at, inserted.length);
      System.arraycopy(bytes, end, next, at + inserted.length, bytes.length - end);
      bytes = next;
    }
    return bytes;
  }
}
