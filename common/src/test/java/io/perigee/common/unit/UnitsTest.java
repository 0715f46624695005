package io.perigee.common.unit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {

  @ParameterizedTest
  @CsvSource({
    "15secs,15000000000,15secs",
    "1.5secs,1500000000,1500ms",
    "2.5mins,150000000000,150secs",
    "1weeks,604800000000000,1weeks",
    "7days,604800000000000,1weeks",
    "0ns,0,0ns",
    "-3ms,-3000000,-3ms"
  })
  void durationsReadAndPrint(String text, long nanos, String printed) {
    assertThat(Durations.parse(text)).isEqualTo(Duration.ofNanos(nanos));
    assertThat(Durations.print(Duration.ofNanos(nanos))).isEqualTo(printed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "15", "secs", "15 seconds", "1e3secs", "100000000weeks"})
  void malformedDurationsAreRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Durations.parse(text));
  }

  @ParameterizedTest
  @CsvSource({"2GB,2147483648,2GB", "1.5MB,1572864,1536KB", "0B,0,0B", "1025B,1025,1025B"})
  void sizesReadAndPrint(String text, long bytes, String printed) {
    assertThat(DataSize.parse(text)).isEqualTo(new DataSize(bytes));
    assertThat(new DataSize(bytes)).hasToString(printed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "2", "2gb", "-1KB", "99999999999TB"})
  void malformedSizesAreRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> DataSize.parse(text));
  }

  @Test
  void sizeIsNeverNegative() {
    assertThatIllegalArgumentException().isThrownBy(() -> new DataSize(-1));
  }
}
