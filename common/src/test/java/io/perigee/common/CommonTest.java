package io.perigee.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CommonTest {

  @Test
  void nearestNameIsFoundWithinAThirdOfItsLength() {
    List<String> known = List.of("work_dir", "port", "hostname");
    assertThat(NearestName.among(known, "prot")).contains("port");
    assertThat(NearestName.among(known, "wrk_dir")).contains("work_dir");
    assertThat(NearestName.among(known, "resources")).isEmpty();
  }

  /**
   * SplitMix64's first values for seed 0, as published with the algorithm: another JVM must draw
   * the same.
   */
  @Test
  void seedDecidesTheNumbers() {
    SeededRandom random = new SeededRandom(0);
    assertThat(random.nextLong()).isEqualTo(0xE220A8397B1DCDAFL);
    assertThat(random.nextLong()).isEqualTo(0x6E789E6AA1B965F4L);
    assertThat(random.nextLong()).isEqualTo(0x06C45D188009454FL);
  }

  @Test
  void boundedNumbersReachEveryValueAndNoOther() {
    SeededRandom random = new SeededRandom(7);
    assertThat(IntStream.range(0, 1_000).map(i -> random.nextInt(5)).distinct().sorted())
        .containsExactly(0, 1, 2, 3, 4);
    assertThat(random.nextDouble()).isBetween(0.0, 1.0);
  }

  @Test
  void randomUuidsAreOfVersion4AndKeepTheirBytes() {
    var uuid = Uuids.random(new SeededRandom(1));
    assertThat(uuid.version()).isEqualTo(4);
    assertThat(uuid.variant()).isEqualTo(2);
    byte[] bytes = Uuids.bytes(uuid);
    assertThat(bytes).hasSize(16);
    assertThat(new java.math.BigInteger(1, bytes).toString(16))
        .isEqualTo(uuid.toString().replace("-", "").replaceFirst("^0+", ""));
  }
}
