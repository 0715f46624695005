package io.perigee.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SamplesTest {

  @Test
  void percentilesAreValuesThatWereSeen() {
    Samples samples = new Samples();
    for (int i = 2000; i >= 1; i--) {
      samples.add(i * 1_000_000L);
    }

    assertThat(samples.millis()).isEqualTo(new Spread(2000, 1000, 1900, 1980));
  }

  @Test
  void oneSampleIsEveryPercentile() {
    Samples samples = new Samples();
    samples.add(5_000_000);

    assertThat(samples.millis()).isEqualTo(new Spread(1, 5, 5, 5));
  }

  @Test
  void nothingIsZero() {
    assertThat(new Samples().millis()).isEqualTo(new Spread(0, 0, 0, 0));
  }
}
