package io.perigee.common.loop;

import java.util.List;

/**
 * Where records become durable.
 *
 * @param <R> the records
 */
public interface Journal<R> {

  /**
   * Starts writing records behind all earlier ones and returns at once. Exactly one of {@code
   * listener}'s methods is called afterwards, on any thread, possibly before this returns; calls
   * for later appends never overtake those for earlier ones.
   *
   * @param records never empty; the caller does not change the list afterwards
   */
  void append(List<R> records, Listener listener);

  /** Hears how one append ended. */
  interface Listener {
    void durable();

    /**
     * The records may or may not be durable. The process must stop: somebody else continues from
     * what is stored.
     */
    void failed(Throwable cause);
  }

  /**
   * A journal that forgets: every append is durable at once. For processes that rebuild their state
   * from their peers, and for tests.
   */
  static <R> Journal<R> forgetful() {
    return (records, listener) -> listener.durable();
  }
}
