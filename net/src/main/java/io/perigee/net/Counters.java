package io.perigee.net;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Named numbers of one process, in Prometheus style: {@code http_requests_total{code="2xx"}}. Safe
 * for all threads.
 */
public final class Counters {
  private final Map<String, LongAdder> adders = new ConcurrentHashMap<>();

  /** The counter of that name, 0 when asked for the first time; keep it rather than ask again. */
  public LongAdder counter(String name) {
    return adders.computeIfAbsent(name, absent -> new LongAdder());
  }

  /**
   * The counter with one label.
   *
   * @param value of a small closed set, never something a client sent
   */
  public LongAdder counter(String name, String label, String value) {
    return counter(name + "{" + label + "=\"" + value + "\"}");
  }

  /** The value now; 0 for a name nobody counts. */
  public long get(String name) {
    LongAdder adder = adders.get(name);
    return adder == null ? 0 : adder.sum();
  }

  /** All values now, sorted by name. */
  public SortedMap<String, Long> snapshot() {
    SortedMap<String, Long> values = new TreeMap<>();
    adders.forEach((name, adder) -> values.put(name, adder.sum()));
    return values;
  }
}
