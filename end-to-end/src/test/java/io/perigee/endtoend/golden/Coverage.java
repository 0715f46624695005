package io.perigee.endtoend.golden;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Which recordings there are, and what becomes of each. */
final class Coverage {
  private Coverage() {}

  /** Names of all of them; {@code recorded.txt} has one on each line. */
  static List<String> recorded() {
    try (InputStream names = Coverage.class.getResourceAsStream("recorded.txt")) {
      return new String(names.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Names of those that are replayed. */
  static List<String> replayed() {
    return Exchange.recorded().map(Exchange::name).toList();
  }

  /** How many of each prefix are replayed, and how many each row leaves for later. */
  static List<String> lines() {
    List<String> recorded = recorded();
    Map<String, Long> all = byPrefix(recorded);
    Map<String, Long> replayed = byPrefix(replayed());
    List<String> lines = new ArrayList<>();
    lines.add("replayed %d of %d recorded exchanges".formatted(replayed().size(), recorded.size()));
    all.forEach((prefix, count) ->
        lines.add("  %s-*: %d of %d".formatted(prefix, replayed.getOrDefault(prefix, 0L), count)));
    lines.add("left for later:");
    for (LeftForLater.Row row : LeftForLater.TABLE) {
      long count = recorded.stream().filter(row::isOf).count();
      lines.add("  %s: %d (%s)".formatted(row.names(), count, row.reason()));
    }
    return lines;
  }

  private static Map<String, Long> byPrefix(List<String> names) {
    return names.stream()
        .map(name -> name.substring(0, name.indexOf('-')))
        .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
  }
}
