package io.perigee.cli.show;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class TableTest {

  @Test
  void columnsAreAsWideAsTheirWidestCell() {
    Table table = new Table("A", "LONG", "C");
    table.row("xyz", 1, "");
    assertThat(table).hasToString("A    LONG  C\nxyz  1     -\n");
  }

  @Test
  void numbersAndTimesAreShort() {
    assertThat(Cells.number(0.1)).isEqualTo("0.1");
    assertThat(Cells.number(4)).isEqualTo("4");
    assertThat(Cells.number(1.0 / 3)).isEqualTo("0.333");
    assertThat(Cells.megabytes(1023)).isEqualTo("1023M");
    assertThat(Cells.megabytes(1536)).isEqualTo("1.5G");
    Instant now = Instant.ofEpochSecond(1_000_000);
    assertThat(Cells.age(0, now)).isEmpty();
    assertThat(Cells.age(1_000_000 - 59.9, now)).isEqualTo("59s");
    assertThat(Cells.age(1_000_000 - 192, now)).isEqualTo("3m12s");
    assertThat(Cells.age(1_000_000 - 3600 * 5 - 120, now)).isEqualTo("5h2m");
    assertThat(Cells.age(1_000_000 - 86400 * 2 - 3600, now)).isEqualTo("2d1h");
    assertThat(Cells.age(1_000_001, now)).isEqualTo("0s");
  }
}
