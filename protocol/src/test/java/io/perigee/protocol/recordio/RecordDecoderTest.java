package io.perigee.protocol.recordio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.perigee.protocol.recordio.RecordDecoder.Broken;
import io.perigee.protocol.recordio.RecordDecoder.Going;
import io.perigee.protocol.recordio.RecordDecoder.Progress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordDecoderTest {
  private final RecordDecoder decoder = new RecordDecoder(100);
  private final List<String> records = new ArrayList<>();

  private Progress feed(String text) {
    return decoder.feed(
        text.getBytes(StandardCharsets.ISO_8859_1),
        record -> records.add(new String(record, StandardCharsets.ISO_8859_1)));
  }

  @Test
  void recordsInOnePieceComeOutInOrder() {
    assertThat(feed("3\nabc0\n10\n0123456789")).isEqualTo(new Going());
    assertThat(records).containsExactly("abc", "", "0123456789");
    assertThat(decoder.isBetweenRecords()).isTrue();
  }

  @Test
  void everyCutOfAStreamGivesTheSameRecords() {
    String stream = "3\nabc0\n12\n0\n1\n2\n3\n4\n5\n1\nx";
    for (int first = 0; first <= stream.length(); first++) {
      for (int second = first; second <= stream.length(); second++) {
        RecordDecoder fresh = new RecordDecoder(100);
        List<String> found = new ArrayList<>();
        for (String piece :
            List.of(
                stream.substring(0, first),
                stream.substring(first, second),
                stream.substring(second))) {
          fresh.feed(
              piece.getBytes(StandardCharsets.UTF_8),
              r -> found.add(new String(r, StandardCharsets.UTF_8)));
        }
        assertThat(found).containsExactly("abc", "", "0\n1\n2\n3\n4\n5\n", "x");
      }
    }
  }

  @Test
  void anUnfinishedRecordOrLengthIsNotBetweenRecords() {
    assertThat(decoder.isBetweenRecords()).isTrue();
    feed("1");
    assertThat(decoder.isBetweenRecords()).isFalse();
    feed("\n");
    assertThat(decoder.isBetweenRecords()).isFalse();
    feed("x");
    assertThat(decoder.isBetweenRecords()).isTrue();
  }

  @Test
  void leadingZerosMeanNothing() {
    assertThat(feed("0000000003\nabc")).isEqualTo(new Going());
    assertThat(records).containsExactly("abc");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\n",
        "+1\nx",
        "-1\nx",
        " 1\nx",
        "1 \nx",
        "1\r\nx",
        "a",
        "1a\nx",
        "0x1\n",
        "\u0661\n",
        "{"
      })
  void anythingButDigitsBreaksTheStream(String text) {
    assertThat(feed(text)).isInstanceOf(Broken.class);
    assertThat(records).isEmpty();
    assertThat(decoder.isBetweenRecords()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "101, record of more than 100 bytes",
    "9999999999, record of more than 100 bytes",
    "00000000001, length of a record has more than 10 digits"
  })
  void limitsAreKept(String length, String reason) {
    assertThat(feed(length + "\n")).isEqualTo(new Broken(reason));
  }

  @Test
  void aRecordAtTheLimitIsFine() {
    assertThat(feed("100\n" + "x".repeat(100))).isEqualTo(new Going());
    assertThat(records).containsExactly("x".repeat(100));
  }

  @Test
  void aBrokenStreamStaysBrokenButWhatCameBeforeCounts() {
    assertThat(feed("1\nxoops")).isEqualTo(new Broken("byte 0x6f in the length of a record"));
    assertThat(feed("1\ny")).isEqualTo(new Broken("byte 0x6f in the length of a record"));
    assertThat(records).containsExactly("x");
  }

  @Test
  void aPartOfABufferIsReadToItsLimit() {
    ByteBuffer buffer = ByteBuffer.wrap("??1\nx1\ny??".getBytes(StandardCharsets.US_ASCII));
    buffer.position(2).limit(8);
    decoder.feed(buffer, record -> records.add(new String(record, StandardCharsets.US_ASCII)));
    assertThat(records).containsExactly("x", "y");
    assertThat(buffer.position()).isEqualTo(8);
  }

  @Test
  void largeRecordsInSmallPiecesArriveWhole() {
    RecordDecoder large = new RecordDecoder(1_000_000);
    List<byte[]> found = new ArrayList<>();
    byte[] record = new byte[1_000_000];
    for (int i = 0; i < record.length; i++) {
      record[i] = (byte) (i * 31);
    }
    ByteBuffer stream = ByteBuffer.wrap(RecordEncoder.encode(record));
    while (stream.hasRemaining()) {
      byte[] piece = new byte[Math.min(1009, stream.remaining())];
      stream.get(piece);
      assertThat(large.feed(piece, found::add)).isEqualTo(new Going());
    }
    assertThat(found).hasSize(1);
    assertThat(found.getFirst()).isEqualTo(record);
  }

  @Test
  void anEncodedRecordIsLengthLineFeedBytes() {
    assertThat(RecordEncoder.encode("h\u00e9".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo("3\nh\u00e9".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aLimitIsAtLeastOne() {
    assertThatIllegalArgumentException().isThrownBy(() -> new RecordDecoder(0));
  }
}
