package io.perigee.endtoend.golden;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** No recording is forgotten: each is replayed, or one row of the table says why it is not yet. */
final class CoverageTest {
  private static final List<String> RECORDED = Coverage.recorded();
  private static final List<String> REPLAYED = Coverage.replayed();

  private static List<LeftForLater.Row> rowsOf(String recording) {
    return LeftForLater.TABLE.stream().filter(row -> row.isOf(recording)).toList();
  }

  @Test
  void eachRecordingIsReplayedOrInOneRowOfTheTable() {
    assertThat(RECORDED)
        .hasSizeGreaterThan(700)
        .doesNotHaveDuplicates()
        .allSatisfy(
            name -> assertThat(rowsOf(name)).as(name).hasSize(REPLAYED.contains(name) ? 0 : 1));
  }

  @Test
  void whatIsReplayedWasRecorded() {
    assertThat(REPLAYED).doesNotHaveDuplicates().isSubsetOf(RECORDED);
  }

  @Test
  void eachRowIsOfSomeRecording() {
    assertThat(LeftForLater.TABLE)
        .allSatisfy(row -> assertThat(RECORDED).anyMatch(row::isOf))
        .noneMatch(row -> row.reason().isBlank());
  }

  @Test
  void theNumbersAddUp() {
    assertThat(Coverage.lines())
        .contains(
            "replayed %d of %d recorded exchanges".formatted(REPLAYED.size(), RECORDED.size()))
        .anyMatch(line -> line.startsWith("  sched-*: "))
        .anyMatch(line -> line.startsWith("  zk-*: 0 of "))
        .anyMatch(line -> line.startsWith("  auth-*: "));
  }
}
