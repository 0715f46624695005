package io.perigee.common.loop;

import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * A core's own timers: at most one instant for each key. Due keys come out by instant, equal
 * instants in the order in which they were set, so that a run repeats itself. Not safe for several
 * threads.
 *
 * @param <K> with equals and hashCode of its own
 */
public final class Deadlines<K> {
  private final Map<K, Entry<K>> entries = new HashMap<>(); // Only looked up, never iterated.
  private final PriorityQueue<Entry<K>> queue = new PriorityQueue<>();
  private long sequence;

  private record Entry<K>(long nanos, long sequence, K key) implements Comparable<Entry<K>> {
    @Override
    public int compareTo(Entry<K> that) {
      return nanos == that.nanos
          ? Long.compare(sequence, that.sequence)
          : Long.compare(nanos, that.nanos);
    }
  }

  /** Sets the instant of a key, in place of an earlier one. */
  public void set(K key, long nanos) {
    Entry<K> entry = new Entry<>(nanos, sequence++, key);
    entries.put(key, entry);
    queue.add(entry);
    if (queue.size() > 2 * entries.size() + 16) {
      queue.removeIf(e -> !isCurrent(e));
    }
  }

  public void cancel(K key) {
    entries.remove(key);
  }

  /** The first instant, or {@link Long#MAX_VALUE} if none is set. */
  public long next() {
    Entry<K> first = queue.peek();
    while (first != null && !isCurrent(first)) {
      queue.remove();
      first = queue.peek();
    }
    return first == null ? Long.MAX_VALUE : first.nanos();
  }

  /** Takes out one key whose instant has come, or null if there is none. */
  public @Nullable K pollDue(long nowNanos) {
    if (next() > nowNanos) {
      return null;
    }
    K key = queue.remove().key();
    entries.remove(key);
    return key;
  }

  /** Number of keys that are set. */
  public int size() {
    return entries.size();
  }

  private boolean isCurrent(Entry<K> entry) {
    Entry<K> current = entries.get(entry.key());
    return current != null && current.sequence() == entry.sequence();
  }
}
