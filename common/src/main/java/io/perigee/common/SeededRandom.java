package io.perigee.common;

/**
 * Random numbers that follow from a seed alone, the same in every JVM: SplitMix64 (Steele, Lea and
 * Flood, "Fast splittable pseudorandom number generators", 2014). Cores and the simulator draw from
 * it; it is no source of secrets. Not safe for several threads.
 */
public final class SeededRandom {
  private long state;

  public SeededRandom(long seed) {
    this.state = seed;
  }

  public long nextLong() {
    state += 0x9E3779B97F4A7C15L;
    long z = state;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /**
   * A number from 0 to {@code bound} - 1.
   *
   * @param bound at least 1
   */
  public int nextInt(int bound) {
    return (int) nextLong(bound);
  }

  /**
   * A number from 0 to {@code bound} - 1. The bias against a fair choice is below {@code bound} /
   * 2^63.
   *
   * @param bound at least 1
   */
  public long nextLong(long bound) {
    if (bound < 1) {
      throw new IllegalArgumentException("bound is at least 1, not " + bound);
    }
    return (nextLong() >>> 1) % bound;
  }

  /** A number from 0 (inclusive) to 1 (exclusive). */
  public double nextDouble() {
    return (nextLong() >>> 11) * 0x1.0p-53;
  }

  /** True with the given probability. */
  public boolean chance(double probability) {
    return nextDouble() < probability;
  }

  /** A generator of its own, so that one part's draws do not shift another's. */
  public SeededRandom split() {
    return new SeededRandom(nextLong());
  }
}
