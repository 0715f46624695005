package io.perigee.endpoints;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.io.SerializedString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonFragmentTest {
  private static JsonFragment fragment(String json) {
    return new JsonFragment(json.getBytes(UTF_8));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 10, 7990, 20_000})
  void standsWhereAValueMayStand(int length) {
    String value = "{\"é\":\"" + "x".repeat(length) + "\"}";
    String json =
        new String(
            JsonAnswers.bytes(out -> {
              out.writeStartArray();
              for (int i = 0; i < 3; i++) {
                out.writeRawValue(fragment(value));
              }
              out.writeStartObject();
              out.writeFieldName("a");
              out.writeRawValue(fragment(value));
              out.writeNumberField("b", 1);
              out.writeEndObject();
              out.writeEndArray();
            }),
            UTF_8);
    assertThat(json)
        .isEqualTo("[" + value + "," + value + "," + value + ",{\"a\":" + value + ",\"b\":1}]");
  }

  /** Jackson's own string of the same text is the yardstick. */
  @Test
  void isAStringLikeAnyOther() throws IOException {
    String text = "{\"é\":\"\\n\"}";
    JsonFragment ours = fragment(text);
    SerializedString theirs = new SerializedString(text);
    assertThat(ours.getValue()).isEqualTo(text);
    assertThat(ours.charLength()).isEqualTo(theirs.charLength());
    assertThat(ours.asQuotedChars()).isEqualTo(theirs.asQuotedChars());
    assertThat(ours.asQuotedUTF8()).isEqualTo(theirs.asQuotedUTF8());
    assertThat(ours.asUnquotedUTF8()).isEqualTo(theirs.asUnquotedUTF8());
    for (int room : new int[] {3, 64}) {
      byte[] a = new byte[room];
      byte[] b = new byte[room];
      assertThat(ours.appendUnquotedUTF8(a, 1)).isEqualTo(theirs.appendUnquotedUTF8(b, 1));
      assertThat(a).isEqualTo(b);
      assertThat(ours.appendQuotedUTF8(a, 1)).isEqualTo(theirs.appendQuotedUTF8(b, 1));
      assertThat(a).isEqualTo(b);
      char[] c = new char[room];
      char[] d = new char[room];
      assertThat(ours.appendUnquoted(c, 1)).isEqualTo(theirs.appendUnquoted(d, 1));
      assertThat(ours.appendQuoted(c, 1)).isEqualTo(theirs.appendQuoted(d, 1));
      assertThat(c).isEqualTo(d);
      ByteBuffer e = ByteBuffer.allocate(room);
      ByteBuffer f = ByteBuffer.allocate(room);
      assertThat(ours.putUnquotedUTF8(e)).isEqualTo(theirs.putUnquotedUTF8(f));
      assertThat(ours.putQuotedUTF8(e)).isEqualTo(theirs.putQuotedUTF8(f));
      assertThat(e).isEqualTo(f);
    }
    ByteArrayOutputStream a = new ByteArrayOutputStream();
    ByteArrayOutputStream b = new ByteArrayOutputStream();
    assertThat(ours.writeUnquotedUTF8(a)).isEqualTo(theirs.writeUnquotedUTF8(b));
    assertThat(ours.writeQuotedUTF8(a)).isEqualTo(theirs.writeQuotedUTF8(b));
    assertThat(a.toByteArray()).isEqualTo(b.toByteArray());
  }
}
