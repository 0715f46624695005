package io.perigee.master.core.cluster;

import java.util.ArrayDeque;

/** Small numbers for things that come and go; a number given back is the next to be used again. */
final class Slots {
  private final ArrayDeque<Integer> free = new ArrayDeque<>();
  private int next;

  int take() {
    Integer slot = free.pollLast();
    return slot == null ? next++ : slot;
  }

  void giveBack(int slot) {
    free.addLast(slot);
  }
}
