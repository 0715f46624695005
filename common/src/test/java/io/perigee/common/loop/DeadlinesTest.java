package io.perigee.common.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.common.SeededRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DeadlinesTest {

  @Test
  void dueKeysComeInOrderAndOnlyOnce() {
    Deadlines<String> deadlines = new Deadlines<>();
    deadlines.set("b", 20);
    deadlines.set("a", 10);
    deadlines.set("c", 10);
    deadlines.set("a", 30);
    deadlines.set("d", 5);
    deadlines.cancel("d");
    assertThat(deadlines.next()).isEqualTo(10);
    assertThat(deadlines.pollDue(9)).isNull();
    assertThat(deadlines.pollDue(25)).isEqualTo("c");
    assertThat(deadlines.pollDue(25)).isEqualTo("b");
    assertThat(deadlines.pollDue(25)).isNull();
    assertThat(deadlines.pollDue(30)).isEqualTo("a");
    assertThat(deadlines.next()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void agreesWithASortedMapOverRandomUse() {
    SeededRandom random = new SeededRandom(42);
    Deadlines<Integer> deadlines = new Deadlines<>();
    TreeMap<Integer, Long> model = new TreeMap<>();
    for (int step = 0; step < 50_000; step++) {
      int key = random.nextInt(50);
      switch (random.nextInt(4)) {
        case 0, 1 -> {
          long at = step + random.nextLong(100);
          deadlines.set(key, at);
          model.put(key, at);
        }
        case 2 -> {
          deadlines.cancel(key);
          model.remove(key);
        }
        default -> {
          Integer due = deadlines.pollDue(step);
          if (due == null) {
            long now = step;
            assertThat(model.values()).allMatch(at -> at > now);
          } else {
            long first = model.values().stream().min(Long::compare).orElseThrow();
            assertThat(model.remove(due)).isEqualTo(first).isLessThanOrEqualTo(step);
          }
        }
      }
      assertThat(deadlines.size()).isEqualTo(model.size());
    }
  }
}
