package io.perigee.endtoend.golden;

import io.perigee.endtoend.LiveStream;
import io.perigee.endtoend.Tree;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A stream of ours, what its recording says should come on it, and which offers are open on it. */
final class Subscription {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private record Expected(String key, Object tree) {}

  private final Api api;
  private final LiveStream stream;
  private final List<String> answerDifferences;
  private final List<Expected> expected = new ArrayList<>();
  private final Set<String> answeredOffers = new LinkedHashSet<>();

  Subscription(Api api, LiveStream stream, List<String> answerDifferences) {
    this.api = api;
    this.stream = stream;
    this.answerDifferences = answerDifferences;
  }

  Api api() {
    return api;
  }

  LiveStream stream() {
    return stream;
  }

  /** The next event of that type, from the beginning, or null if it does not come. */
  @Nullable Object first(String... types) {
    Set<String> wanted = Set.of(types);
    stream.await(PATIENCE, all -> all.stream().anyMatch(e -> wanted.contains(EventKey.of(e))));
    return stream.events().stream()
        .filter(e -> wanted.contains(EventKey.of(e)))
        .findFirst()
        .orElse(null);
  }

  /**
   * Remembers that an event should come, and waits for it.
   *
   * @param patience how long; zero does not wait
   * @return ours, or null if it does not come in time
   */
  @Nullable Object expect(Object event, Duration patience) {
    String key = EventKey.of(event);
    expected.add(new Expected(key, event));
    int count = (int) expected.stream().filter(e -> e.key().equals(key)).count();
    stream.await(patience, all -> withKey(all, key).size() >= count);
    List<Object> ours = withKey(stream.events(), key);
    return ours.size() < count ? null : ours.get(count - 1);
  }

  /** What came so far. */
  List<String> keys() {
    return stream.events().stream().map(EventKey::of).toList();
  }

  private static List<Object> withKey(List<Object> events, String key) {
    return events.stream().filter(e -> EventKey.of(e).equals(key)).toList();
  }

  boolean awaitEnd() {
    return stream.awaitEnd(PATIENCE);
  }

  /** How all that came differs from all that should have. */
  Set<String> differences() {
    Set<String> differences = new LinkedHashSet<>(answerDifferences);
    Map<String, List<Object>> left = new LinkedHashMap<>();
    stream
        .events()
        .forEach(e -> left.computeIfAbsent(EventKey.of(e), k -> new ArrayList<>()).add(e));
    for (Expected wanted : expected) {
      List<Object> ours = left.getOrDefault(wanted.key(), List.of());
      if (ours.isEmpty()) {
        differences.add("no " + wanted.key());
      } else {
        compare(wanted, ours.removeFirst(), differences);
      }
    }
    left.forEach((key, more) -> {
      if (!EventKey.isOnlyNow(key) && !more.isEmpty()) {
        differences.add("also " + key);
      }
      expected.stream()
          .filter(e -> e.key().equals(key))
          .findFirst()
          .ifPresent(like -> more.forEach(event -> compare(like, event, differences)));
    });
    return differences;
  }

  /** What an offer has depends on the moment at which it was made. */
  private static void compare(Expected wanted, Object ours, Set<String> differences) {
    Shape shape = Shape.of(wanted.tree());
    List<String> all =
        EventKey.isOnlyNow(wanted.key())
            ? shape.differencesOfTypes(Shape.of(ours))
            : shape.differences(Shape.of(ours));
    all.forEach(difference -> differences.add(wanted.key() + ": " + difference));
  }

  /**
   * Waits for the one offer of everything that is free, and takes it.
   *
   * @param cpus of it
   * @param decline takes offers of parts, which come back as one
   */
  String wholeOffer(double cpus, java.util.function.Consumer<Set<String>> decline) {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() - until < 0) {
      int seen = stream.events().size();
      Map<String, Double> open = openOffers();
      if (open.size() == 1 && open.containsValue(cpus)) {
        String id = open.keySet().iterator().next();
        answeredOffers.add(id);
        return id;
      }
      if (open.size() > 1) {
        answeredOffers.addAll(open.keySet());
        decline.accept(open.keySet());
      }
      stream.await(Duration.ofSeconds(5), all -> all.size() > seen);
    }
    throw new AssertionError(
        "no offer of " + cpus + " CPUs on " + stream.name() + " but " + openOffers());
  }

  private Map<String, Double> openOffers() {
    Map<String, Double> cpusById = new LinkedHashMap<>();
    for (Object event : stream.events()) {
      for (Object offer : Tree.listAt(event, "offers", "offers")) {
        double cpus =
            Tree.listAt(offer, "resources").stream()
                .filter(r -> Tree.textAt(r, "name").equals("cpus"))
                .mapToDouble(r -> ((Number) Tree.at(r, "scalar", "value")).doubleValue())
                .sum();
        cpusById.put(Tree.textAt(offer, "id", "value"), cpus);
      }
      cpusById.remove(Tree.textAt(event, "rescind", "offer_id", "value"));
    }
    cpusById.keySet().removeAll(answeredOffers);
    return cpusById;
  }
}
