package io.perigee.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.perigee.protocol.testing.ExplicitDefaults;
import io.perigee.protocol.testing.JsonTree;
import io.perigee.protocol.wire.WireFormat;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Every v1 body recorded from Mesos is read, and written again as it was. */
class GoldenBodyTest {

  /**
   * A field of the v0 message without one in v1; Mesos' hand-written answers show it all the same.
   */
  private static final String V0_LEFTOVER = "agent_info.checkpoint";

  private static final Set<String> ANSWERS_WITH_V0_LEFTOVER =
      Set.of(
          "master-get_agents.resp",
          "master-get_agents-deactivated.resp",
          "master-get_agents-drained.resp",
          "master-get_agents-draining.resp",
          "master-get_agents-with-volume.resp",
          "master-get_state.resp",
          "master-subscribe-events-json.resp.1",
          "zk-leader-no-quorum-api-get_state.resp",
          "zk-recovered-no-agents-get_agents.resp",
          "zk-registry-after-get_agents.resp",
          "zk-registry-before-get_agents.resp");

  /** What reading a request loses on purpose. */
  private static final Map<String, String> LOST_OF_REQUESTS =
      Map.of(
          // Enum values nobody knows stay unset.
          "agent-err-unknown-type.req", "[.type]",
          "master-err-unknown-type.req", "[.type]",
          "sched-err-unknown-call-type.req", "[.type]",
          "zk-alone-elected-not-recovered-api-unknown-type.req", "[.type]",
          // Unknown keys are skipped; the last is a scheduler's call sent to the operator API.
          "sched-err-json-unknown-field.req", "[.zzz]",
          "sched-request-wrong-field.req", "[.requestz]",
          "sched-err-not-found-path.req", "[.type, .framework_id, .decline]",
          // An unsigned field takes the low bits of a negative number, as in Mesos.
          "master-set_logging_level-bad.req", "[.set_logging_level.level]",
          // {"nanoseconds": n} becomes seconds and nanos.
          "master-drain_agent.req", "[.drain_agent.max_grace_period.nanoseconds]");

  /** The one body here that Mesos would refuse, had it not looked at Content-Type first. */
  private static final String WITHOUT_REQUIRED_FIELDS = "exec-err-no-content-type.req";

  @Test
  void everyRecordedBodyIsHere() {
    Map<String, Integer> counts = new TreeMap<>();
    for (GoldenBody body : GoldenBody.all()) {
      String what = body.type().getDescriptorForType().getFullName().replace("mesos.v1.", "");
      counts.merge(what + " " + body.format(), 1, Integer::sum);
    }
    assertThat(counts.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(628);
    assertThat(counts).hasSize(19).doesNotContainValue(0);
  }

  @Test
  void answersAndEventsKeepKeysTypesValuesAndOrder() {
    Set<String> different = new TreeSet<>();
    for (GoldenBody body : bodies(WireFormat.JSON, false)) {
      // A map prints its keys in order, and JsonTree tells 4 from 4.0.
      String theirs = JsonTree.parse(body.bytes()).toString();
      String ours = JsonTree.parse(WireFormat.JSON.encode(decoded(body))).toString();
      if (theirs.contains(", checkpoint=true}")) {
        assertThat(ours).isNotEqualTo(theirs);
        different.add(body.name());
        theirs = theirs.replace(", checkpoint=true}", "}");
      }
      assertThat(ours).as(body.name()).isEqualTo(theirs);
    }
    assertThat(different).as(V0_LEFTOVER).isEqualTo(ANSWERS_WITH_V0_LEFTOVER);
  }

  @Test
  void requestsKeepEveryValue() {
    Map<String, String> lost = new TreeMap<>();
    for (GoldenBody body : bodies(WireFormat.JSON, true)) {
      if (!body.name().equals(WITHOUT_REQUIRED_FIELDS)) {
        Message message = decoded(body);
        byte[] written = WireFormat.JSON.encode(message);
        List<String> paths = new ArrayList<>();
        collectLost("", JsonTree.parse(body.bytes()), JsonTree.parse(written), paths);
        if (!paths.isEmpty()) {
          lost.put(body.name(), paths.toString());
        }
        assertThat(WireFormat.JSON.decode(written, body.type()))
            .as(body.name())
            .isEqualTo(new Decoded.Parsed<>(ExplicitDefaults.set(message)));
      }
    }
    assertThat(lost).isEqualTo(new TreeMap<>(LOST_OF_REQUESTS));
  }

  @Test
  void protobufBodiesSurviveAsThemselvesAndAsJson() {
    for (GoldenBody body : bodies(WireFormat.PROTOBUF, false)) {
      survives(body);
    }
    for (GoldenBody body : bodies(WireFormat.PROTOBUF, true)) {
      survives(body);
    }
  }

  private static void survives(GoldenBody body) {
    Message message = decoded(body);
    byte[] written = WireFormat.PROTOBUF.encode(message);
    // The master writes GET_AGENTS by hand, not in the order of numbers: equal, but not to the
    // byte.
    assertThat(written).as(body.name()).hasSize(body.bytes().length);
    assertThat(WireFormat.PROTOBUF.decode(written, body.type()))
        .as(body.name())
        .isEqualTo(new Decoded.Parsed<>(message));

    Message withDefaults = ExplicitDefaults.set(message);
    byte[] json = WireFormat.JSON.encode(message);
    assertThat(WireFormat.JSON.encode(withDefaults)).as(body.name()).isEqualTo(json);
    assertThat(WireFormat.JSON.decode(json, body.type())).isInstanceOf(Decoded.Parsed.class);
  }

  /** Paths of values that are not in ours. Clients write 64 for 64.0 and lists that are empty. */
  private static void collectLost(String path, Object theirs, Object ours, List<String> lost) {
    switch (theirs) {
      case Map<?, ?> object when ours instanceof Map<?, ?> other ->
          object.forEach((key, value) -> {
            String deeper = path + "." + key;
            if (other.containsKey(key)) {
              collectLost(deeper, value, other.get(key), lost);
            } else if (!value.equals(List.of())) {
              lost.add(deeper);
            }
          });
      case List<?> array when ours instanceof List<?> other && array.size() == other.size() -> {
        for (int i = 0; i < array.size(); i++) {
          collectLost(path + "[" + i + "]", array.get(i), other.get(i), lost);
        }
      }
      case BigInteger integer when ours instanceof Double number -> {
        if (integer.doubleValue() != number) {
          lost.add(path);
        }
      }
      default -> {
        if (!theirs.equals(ours)) {
          lost.add(path);
        }
      }
    }
  }

  private static List<GoldenBody> bodies(WireFormat format, boolean requests) {
    List<GoldenBody> bodies =
        GoldenBody.all().stream()
            .filter(body -> body.format() == format && body.isRequest() == requests)
            .toList();
    assertThat(bodies).isNotEmpty();
    return bodies;
  }

  private static Message decoded(GoldenBody body) {
    Decoded<Message> decoded = body.format().decode(body.bytes(), body.type());
    assertThat(decoded).as(body.name()).isInstanceOf(Decoded.Parsed.class);
    return ((Decoded.Parsed<Message>) decoded).message();
  }
}
