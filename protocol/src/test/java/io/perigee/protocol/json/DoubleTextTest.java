package io.perigee.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.common.SeededRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DoubleTextTest {

  private static String text(double value) {
    char[] buffer = new char[DoubleText.MAX_LENGTH];
    return new String(buffer, 0, DoubleText.write(value, buffer));
  }

  @ParameterizedTest
  @CsvSource({
    // Seen in recordings.
    "4, 4.0",
    "0.1, 0.1",
    "3.9, 3.9",
    "8192, 8192.0",
    "0.002048, 0.002048",
    "1795439850.158829, 1795439850.158829",
    "136339456, 136339456.0",
    // RapidJSON's rules for what recordings do not show.
    "0, 0.0",
    "-0.0, -0.0",
    "-2.5, -2.5",
    "0.000001, 0.000001",
    "0.00000123, 0.00000123",
    "0.0000001, 1e-7",
    "0.00000015, 1.5e-7",
    "1e15, 1000000000000000.0",
    "123456789012345680000, 123456789012345680000.0",
    "1e20, 100000000000000000000.0",
    "1e21, 1e21",
    "1.5e21, 1.5e21",
    "1.7976931348623157e308, 1.7976931348623157e308",
    "4.9e-324, 4.9e-324",
    "4294967296.5, 4294967296.5",
    "4294967295.000001, 4294967295.000001",
    "9007199254740993, 9007199254740992.0"
  })
  void looksAsRapidJsonPrintsIt(double value, String expected) {
    assertThat(text(value)).isEqualTo(expected);
  }

  @Test
  void anyDoubleReadsBackAsItselfInNoMoreDigitsThanJavaNeeds() {
    SeededRandom random = new SeededRandom(7);
    for (int i = 0; i < 50_000; i++) {
      double value =
          switch (i % 4) {
            case 0 -> Double.longBitsToDouble(random.nextLong());
            case 1 -> random.nextLong(1L << 53) / 1e6;
            case 2 -> random.nextInt(100_000_000) / 1000.0;
            default -> random.nextDouble() * 5e9;
          };
      if (Double.isFinite(value)) {
        String text = text(value);
        assertThat(Double.doubleToLongBits(Double.parseDouble(text)))
            .as(text)
            .isEqualTo(Double.doubleToLongBits(value));
        assertThat(digits(text)).as(text).isEqualTo(digits(Double.toString(value)));
      }
    }
  }

  private static String digits(String number) {
    String mantissa = number.replaceFirst("[eE].*", "").replaceAll("[-.]", "");
    return mantissa.replaceFirst("^0+(?=.)", "").replaceFirst("(?<=.)0+$", "");
  }
}
