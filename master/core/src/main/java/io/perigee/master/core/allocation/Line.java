package io.perigee.master.core.allocation;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Siblings in the order in which they are to be served.
 *
 * <p>A sorted array, not a heap: a walk in order, past contenders that want nothing, costs nothing
 * extra, and moving one contender is a binary search and one arraycopy (see
 * docs/decisions/0005-sorted-lines.md).
 */
final class Line {
  private @Nullable Contender[] sorted = new Contender[4];
  private int size;

  int size() {
    return size;
  }

  Contender get(int index) {
    return Objects.requireNonNull(sorted[index]);
  }

  void add(Contender contender) {
    if (size == sorted.length) {
      sorted = Arrays.copyOf(sorted, 2 * size);
    }
    int at = place(contender);
    System.arraycopy(sorted, at, sorted, at + 1, size - at);
    sorted[at] = contender;
    size++;
  }

  /** Takes out a contender, whose sort keys must be those it was added or last sorted with. */
  void remove(Contender contender) {
    int at = place(contender);
    if (at == size || !contender.equals(sorted[at])) {
      throw new IllegalStateException(contender.name + " is not where it should be");
    }
    size--;
    System.arraycopy(sorted, at + 1, sorted, at, size - at);
    sorted[size] = null;
  }

  /** Index of the first contender that does not come before {@code contender}. */
  private int place(Contender contender) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (get(middle).compareTo(contender) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Computes every share anew and sorts; for when the cluster's totals changed. */
  void resort(long[] totals) {
    Contender[] all = new Contender[size];
    for (int i = 0; i < size; i++) {
      all[i] = get(i);
      all[i].computeShare(totals);
    }
    Arrays.sort(all, Contender::compareTo);
    System.arraycopy(all, 0, sorted, 0, size);
  }
}
