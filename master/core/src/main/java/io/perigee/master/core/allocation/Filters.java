package io.perigee.master.core.allocation;

import io.perigee.model.Resources;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All refusals, and when they end. */
final class Filters {
  /**
   * Refusals kept, about 50 bytes each. Beyond it those that would end first end at once: their
   * clients are merely asked again too early.
   */
  private static final int MOST = 4_000_000;

  /**
   * Ends are rounded up to this, so that refusals of one moment end together. Frameworks count in
   * seconds.
   */
  private static final long GRAIN_NANOS = 10_000_000L;

  private final TreeMap<Long, List<Filter>> byEnd = new TreeMap<>();
  private int count;

  void add(Client client, AgentEntry agent, Resources refused, long expiryNanos, long nowNanos) {
    long end = (expiryNanos + GRAIN_NANOS - 1) / GRAIN_NANOS;
    Filter older = without(client.filter(agent), refused, end * GRAIN_NANOS, nowNanos);
    Filter filter = new Filter(client, agent, refused, end * GRAIN_NANOS, older);
    client.setFilter(agent, filter);
    count++;
    byEnd.computeIfAbsent(end, e -> new ArrayList<>()).add(filter);
  }

  /**
   * The chain without refusals that are over, or that one of {@code refused} until {@code endNanos}
   * includes.
   */
  private static @Nullable Filter without(
      @Nullable Filter chain, Resources refused, long endNanos, long nowNanos) {
    if (chain == null) {
      return null;
    }
    Filter rest = without(chain.older, refused, endNanos, nowNanos);
    boolean isIncluded = chain.expiryNanos <= endNanos && refused.contains(chain.refused);
    return chain.expiryNanos <= nowNanos || isIncluded
        ? rest
        : new Filter(chain.client, chain.agent, chain.refused, chain.expiryNanos, rest);
  }

  /** True if the client said that it does not want these resources of this agent yet. */
  static boolean exclude(Client client, AgentEntry agent, Resources resources, long nowNanos) {
    for (Filter f = client.filter(agent); f != null; f = f.older) {
      if (f.expiryNanos > nowNanos && f.refused.contains(resources)) {
        return true;
      }
    }
    return false;
  }

  /** The first end of a refusal, or {@link Long#MAX_VALUE}. */
  long nextEndNanos() {
    return byEnd.isEmpty() ? Long.MAX_VALUE : byEnd.firstKey() * GRAIN_NANOS;
  }

  /** Takes out refusals that ended, a moment's worth at a time; null when there are none. */
  @Nullable List<Filter> pollEnded(long nowNanos) {
    Map.Entry<Long, List<Filter>> first = byEnd.firstEntry();
    boolean isFull = count > MOST;
    if (first == null || (nextEndNanos() > nowNanos && !isFull)) {
      return null;
    }
    byEnd.pollFirstEntry();
    count -= first.getValue().size();
    for (Filter ended : first.getValue()) {
      Filter newest = ended.client.filter(ended.agent);
      if (newest != null) { // Else revived, or the agent is gone and its slot another's.
        ended.client.setFilter(
            ended.agent,
            isFull ? null : without(newest, Resources.EMPTY, Long.MIN_VALUE, nowNanos));
      }
    }
    return first.getValue();
  }

  int count() {
    return count;
  }
}
