package io.perigee.master.server;

import java.util.IdentityHashMap;
import java.util.function.Supplier;

/**
 * What immutable things looked like when all of them were shown last, so that a reader who shows
 * all again renders only those that are new. Keeps the things and the bytes of one such answer, and
 * while it is being made those of the next. For one thread at a time.
 *
 * @param <T> compared by identity: snapshots share what did not change
 */
final class Fragments<T> {
  private IdentityHashMap<T, Fragment> last = new IdentityHashMap<>();

  /**
   * What was rendered.
   *
   * @param beside what else is in it
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Fragment(Object beside, byte[] bytes) {}

  /** The things shown by one answer. */
  final class Showing {
    private final boolean isAll;
    private final IdentityHashMap<T, Fragment> shown;

    private Showing(boolean isAll) {
      this.isAll = isAll;
      this.shown = new IdentityHashMap<>(isAll ? last.size() : 0);
    }

    /** The bytes of a thing, rendered if it is not known yet. */
    byte[] of(T thing, Supplier<byte[]> renderer) {
      return of(thing, "", renderer);
    }

    /**
     * The same for a thing that is shown together with others, whatever these are: it is rendered
     * again if they are not equal to the last ones.
     */
    byte[] of(T thing, Object beside, Supplier<byte[]> renderer) {
      Fragment fragment = last.get(thing);
      if (fragment == null || !fragment.beside.equals(beside)) {
        fragment = new Fragment(beside, renderer.get());
      }
      if (isAll) {
        shown.put(thing, fragment);
      }
      return fragment.bytes;
    }

    /** All were shown; what was not is forgotten. */
    void end() {
      if (isAll) {
        last = shown;
      }
    }
  }

  /** For an answer that shows all there are. */
  Showing all() {
    return new Showing(true);
  }

  /** For an answer that shows some: it remembers nothing. */
  Showing some() {
    return new Showing(false);
  }

  /** Things remembered. */
  int size() {
    return last.size();
  }
}
