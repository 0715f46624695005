package io.perigee.agent.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.common.Checked;
import io.perigee.model.ResourceText;
import io.perigee.model.Resources;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostResourcesTest {
  private static final long GIB = 1L << 30;

  @ParameterizedTest
  @CsvSource({
    // Memory and disk of the machine, and what is given, in MB.
    "1, 1, 512, 512",
    "2, 9, 1024, 4608",
    "8, 10, 7168, 5120",
    "64, 100, 64512, 97280"
  })
  void theSystemKeepsItsPart(long memGib, long diskGib, long mem, long disk) {
    Resources all =
        new HostResources(4, memGib * GIB, diskGib * GIB).complete(Resources.EMPTY, "*");

    assertThat(all.thousandths("cpus")).isEqualTo(4000);
    assertThat(all.thousandths("mem")).isEqualTo(1000 * mem);
    assertThat(all.thousandths("disk")).isEqualTo(1000 * disk);
    assertThat(all.toString()).contains("ports:[31000-32000]");
  }

  @Test
  void whatIsNamedIsNotDetected() {
    Resources given = ResourceText.parseResources("cpus(prod):1;ports:[1-2]", "*").orElseThrow();
    Resources all = new HostResources(4, 8 * GIB, 8 * GIB).complete(given, "dev");

    assertThat(all.thousandths("cpus")).isEqualTo(1000);
    assertThat(all.toString()).contains("ports:[1-2]").doesNotContain("31000");
    assertThat(all.toString()).contains("mem(reservations: [(STATIC,dev)]):7168");
  }

  @ParameterizedTest
  @CsvSource({"1", "3", "64", "1001"})
  void sharesAreSoundAndTheirPortsAreApart(int parts) {
    Set<String> ports = new HashSet<>();
    for (int i : List.of(0, parts / 2, parts - 1)) {
      String share = new HostResources(2, 4 * GIB, 50 * GIB).share(i, parts);
      assertThat(ResourceText.parseResources(share, "*"))
          .as(share)
          .isInstanceOf(Checked.Valid.class);
      ports.add(share.substring(share.indexOf("ports")));
    }
    assertThat(ports).hasSize(Math.min(parts, 3));
  }
}
