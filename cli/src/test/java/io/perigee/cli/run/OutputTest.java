package io.perigee.cli.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class OutputTest {

  @Test
  void linesOfSeveralTasksDoNotMix() throws IOException {
    ByteArrayOutputStream shared = new ByteArrayOutputStream();
    LineOutput one = new LineOutput(shared, false);
    LineOutput two = new LineOutput(shared, false);
    one.write("a\nhalf ".getBytes(UTF_8));
    two.write("b\n".getBytes(UTF_8));
    one.write("whole\nlast".getBytes(UTF_8));
    two.end();
    one.end();
    assertThat(shared.toString(UTF_8)).isEqualTo("a\nb\nhalf whole\nlast\n");
  }

  @Test
  void aLineWithoutEndIsNotHeldForEver() throws IOException {
    ByteArrayOutputStream shared = new ByteArrayOutputStream();
    LineOutput output = new LineOutput(shared, false);
    output.write(new byte[40_000]);
    assertThat(shared.size()).isZero();
    output.write(new byte[40_000]);
    assertThat(shared.size()).isEqualTo(80_000);
  }

  @Test
  void whoIsAloneIsWrittenAtOnceAndAsItIs() throws IOException {
    ByteArrayOutputStream shared = new ByteArrayOutputStream();
    LineOutput output = new LineOutput(shared, true);
    output.write("name? ".getBytes(UTF_8));
    assertThat(shared.toString(UTF_8)).isEqualTo("name? ");
    output.end();
    assertThat(shared.toString(UTF_8)).isEqualTo("name? ");
  }

  @Test
  void theLastLinesAreFoundWithAndWithoutAnEndOfTheLast() {
    byte[] ended = "1\n2\n3\n".getBytes(UTF_8);
    assertThat(TaskFile.startOfLast(1, ended)).isEqualTo(4);
    assertThat(TaskFile.startOfLast(2, ended)).isEqualTo(2);
    assertThat(TaskFile.startOfLast(9, ended)).isZero();
    assertThat(TaskFile.startOfLast(0, ended)).isEqualTo(6);
    assertThat(TaskFile.startOfLast(1, "1\n2".getBytes(UTF_8))).isEqualTo(2);
    assertThat(TaskFile.startOfLast(1, new byte[0])).isZero();
  }
}
