package io.perigee.endtoend.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** What the frameworks here print of status updates. */
final class Updates {
  private Updates() {}

  /** Each of so many tasks went through these states, and each was told once. */
  static void assertEachTask(List<String> lines, String name, int tasks, String... states) {
    for (int i = 0; i < tasks; i++) {
      String start = "{\"task\": \"" + name + "-" + i + "\", \"state\": \"";
      assertThat(lines.stream().filter(line -> line.startsWith(start)))
          .as("of %s-%d in %s", name, i, lines)
          .extracting(line -> line.substring(start.length()).split("\"")[0])
          .containsExactly(states);
    }
  }
}
