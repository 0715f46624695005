package io.perigee.master.core.allocation;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which clients may want an agent that all others were already asked about: after a refusal expires
 * only the one who refused has to be looked at, not a thousand others.
 */
final class Candidates {
  /** Beyond this many the usual walk over everybody is cheaper than comparing places. */
  private static final int MOST = 8;

  private final @Nullable Client[] few = new Client[MOST];
  private int size;
  private boolean isEverybody;

  void addEverybody() {
    isEverybody = true;
  }

  void add(Client client) {
    if (isEverybody) {
      return;
    }
    if (size == MOST) {
      isEverybody = true;
      return;
    }
    few[size++] = client;
  }

  boolean isEverybody() {
    return isEverybody;
  }

  int size() {
    return size;
  }

  Client get(int index) {
    return Objects.requireNonNull(few[index]);
  }

  void clear() {
    Arrays.fill(few, 0, size, null);
    size = 0;
    isEverybody = false;
  }
}
