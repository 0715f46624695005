package io.perigee.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.perigee.common.SeededRandom;
import io.perigee.protocol.recordio.RecordDecoder;
import io.perigee.protocol.recordio.RecordEncoder;
import io.perigee.protocol.testing.ExplicitDefaults;
import io.perigee.protocol.testing.MessageGenerator;
import io.perigee.protocol.testing.MessageTypes;
import io.perigee.protocol.wire.WireFormat;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Random messages of every v1 type survive each form. */
class RoundTripTest {
  private static final int MESSAGES_PER_TYPE = 10;

  static Collection<Message> types() {
    return MessageTypes.prototypes().values();
  }

  @Test
  void everyTypeIsCovered() {
    // 360 in MesosSchemaTest, less the entries of 11 maps.
    assertThat(types()).hasSize(349);
  }

  @ParameterizedTest
  @MethodSource("types")
  void messagesSurviveJsonAndProtobuf(Message type) {
    for (long seed = 0; seed < MESSAGES_PER_TYPE; seed++) {
      Message message = new MessageGenerator(new SeededRandom(seed)).next(type);
      assertThat(WireFormat.JSON.decode(WireFormat.JSON.encode(message), type))
          .as("seed %d", seed)
          .isEqualTo(new Decoded.Parsed<>(ExplicitDefaults.set(message)));
      assertThat(WireFormat.PROTOBUF.decode(WireFormat.PROTOBUF.encode(message), type))
          .as("seed %d", seed)
          .isEqualTo(new Decoded.Parsed<>(message));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void streamsSurviveAnyCutting(long seed) {
    SeededRandom random = new SeededRandom(seed);
    MessageGenerator generator = new MessageGenerator(random.split());
    List<Message> types = List.copyOf(types());
    List<byte[]> sent = new ArrayList<>();
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    for (int i = 0; i < 200; i++) {
      Message message = generator.next(types.get(random.nextInt(types.size())));
      WireFormat format = random.chance(0.5) ? WireFormat.JSON : WireFormat.PROTOBUF;
      sent.add(format.encode(message));
      stream.writeBytes(RecordEncoder.encode(format, message));
    }

    byte[] bytes = stream.toByteArray();
    RecordDecoder decoder = new RecordDecoder(bytes.length);
    List<byte[]> received = new ArrayList<>();
    int at = 0;
    while (at < bytes.length) {
      int end = Math.min(bytes.length, at + random.nextInt(random.chance(0.1) ? 5000 : 40));
      assertThat(decoder.feed(Arrays.copyOfRange(bytes, at, end), received::add))
          .as("seed %d", seed)
          .isEqualTo(new RecordDecoder.Going());
      at = end;
    }
    assertThat(decoder.isBetweenRecords()).isTrue();
    assertThat(received.toArray(new byte[0][]))
        .as("seed %d", seed)
        .isDeepEqualTo(sent.toArray(new byte[0][]));
  }
}
