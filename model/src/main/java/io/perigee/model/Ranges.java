package io.perigee.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A set of whole numbers kept as closed intervals, such as ports. Intervals are sorted and never
 * touch or overlap: {@code [1-2]} and {@code [3-4]} are kept as {@code [1-4]}.
 */
public final class Ranges implements Amount, AttributeValue {
  public static final Ranges EMPTY = new Ranges(new long[0]);

  /** Begin and end of each interval, one after the other, ascending. */
  private final long[] bounds;

  private Ranges(long[] bounds) {
    this.bounds = bounds;
  }

  /**
   * A closed interval.
   *
   * @param begin at least 0
   * @param end at least {@code begin}, below 2^63 - 1
   */
  public record Range(long begin, long end) {
    public Range {
      if (begin < 0 || end < begin || end == Long.MAX_VALUE) {
        throw new IllegalArgumentException("not a range: " + begin + "-" + end);
      }
    }
  }

  /** Any intervals, in any order; overlapping and touching ones become one. */
  public static Ranges of(List<Range> ranges) {
    long[] bounds = new long[2 * ranges.size()];
    List<Range> sorted = new ArrayList<>(ranges);
    sorted.sort((a, b) -> Long.compare(a.begin(), b.begin()));
    int length = 0;
    for (Range range : sorted) {
      if (length > 0 && range.begin() <= bounds[length - 1] + 1) {
        bounds[length - 1] = Math.max(bounds[length - 1], range.end());
      } else {
        bounds[length++] = range.begin();
        bounds[length++] = range.end();
      }
    }
    return length == 0 ? EMPTY : new Ranges(Arrays.copyOf(bounds, length));
  }

  public static Ranges of(long begin, long end) {
    return of(List.of(new Range(begin, end)));
  }

  public List<Range> ranges() {
    List<Range> ranges = new ArrayList<>(bounds.length / 2);
    for (int i = 0; i < bounds.length; i += 2) {
      ranges.add(new Range(bounds[i], bounds[i + 1]));
    }
    return ranges;
  }

  /** How many numbers are in the set. */
  public long size() {
    long size = 0;
    for (int i = 0; i < bounds.length; i += 2) {
      size += bounds[i + 1] - bounds[i] + 1;
    }
    return size;
  }

  @Override
  public Shape shape() {
    return Shape.RANGES;
  }

  @Override
  public boolean isEmpty() {
    return bounds.length == 0;
  }

  @Override
  public Ranges plus(Amount that) {
    Ranges other = (Ranges) that;
    if (other.isEmpty()) {
      return this;
    }
    if (isEmpty()) {
      return other;
    }
    List<Range> both = ranges();
    both.addAll(other.ranges());
    return of(both);
  }

  @Override
  public Ranges minus(Amount that) {
    long[] without = ((Ranges) that).bounds;
    if (without.length == 0 || bounds.length == 0) {
      return this;
    }
    long[] left = new long[bounds.length + without.length];
    int length = 0;
    int next = 0;
    for (int i = 0; i < bounds.length; i += 2) {
      long begin = bounds[i];
      long end = bounds[i + 1];
      while (next < without.length && without[next + 1] < begin) {
        next += 2;
      }
      int hole = next;
      while (hole < without.length && without[hole] <= end && begin <= end) {
        if (without[hole] > begin) {
          left[length++] = begin;
          left[length++] = without[hole] - 1;
        }
        begin = without[hole + 1] + 1;
        hole += 2;
      }
      if (begin <= end) {
        left[length++] = begin;
        left[length++] = end;
      }
    }
    return length == 0 ? EMPTY : new Ranges(Arrays.copyOf(left, length));
  }

  @Override
  public boolean contains(Amount that) {
    long[] wanted = ((Ranges) that).bounds;
    int mine = 0;
    for (int i = 0; i < wanted.length; i += 2) {
      while (mine < bounds.length && bounds[mine + 1] < wanted[i]) {
        mine += 2;
      }
      if (mine == bounds.length || bounds[mine] > wanted[i] || bounds[mine + 1] < wanted[i + 1]) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean equals(Object that) {
    return that instanceof Ranges ranges && Arrays.equals(bounds, ranges.bounds);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bounds);
  }

  /** As in {@code --resources}: {@code [31000-32000, 33000-33000]}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("[");
    for (int i = 0; i < bounds.length; i += 2) {
      text.append(i == 0 ? "" : ", ").append(bounds[i]).append('-').append(bounds[i + 1]);
    }
    return text.append(']').toString();
  }
}
