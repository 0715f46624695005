package io.perigee.agent.containers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProcessTreeTest {
  private static final String STAT =
      "4711 (a) b (c)) S 42 4711 4700 0 -1 4194304 95 0 0 0 120 7 0 0 20 0 1 0 272747 2703360 260";

  private static ProcessTree.Entry entry(long pid, long parent) {
    return new ProcessTree.Entry(pid, parent, 0, 0, 0, 0);
  }

  @Test
  void aLineOfTheKernelIsRead() {
    assertThat(ProcessTree.parse(STAT))
        .contains(new ProcessTree.Entry(4711, 42, 4700, 1_200_000_000L, 70_000_000L, 272747));
  }

  @Test
  void otherLinesAreNoProcesses() {
    assertThat(
            Stream.of("", "x", "1 (a", "1 (a) S", "x (a) S 1 2 3", STAT.replace("272747", "z"))
                .map(ProcessTree::parse))
        .allMatch(parsed -> parsed.isEmpty());
  }

  @Test
  void theSubtreeIsFoundWhateverTheOrder() {
    List<ProcessTree.Entry> processes =
        List.of(entry(9, 8), entry(8, 2), entry(2, 1), entry(3, 1), entry(4, 2), entry(1, 0));
    assertThat(ProcessTree.below(2, processes).stream().map(ProcessTree.Entry::pid))
        .containsExactlyInAnyOrder(8L, 9L, 4L);
    assertThat(ProcessTree.below(9, processes)).isEmpty();
    assertThat(ProcessTree.below(77, processes)).isEmpty();
  }
}
