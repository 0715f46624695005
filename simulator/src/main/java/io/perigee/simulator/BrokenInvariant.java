package io.perigee.simulator;

/** Something happened that never may, or did not happen that must. Its message names the seed. */
public final class BrokenInvariant extends AssertionError {
  private static final long serialVersionUID = 1;

  BrokenInvariant(long seed, double atSeconds, String what) {
    super(
        "seed %d, %.6f s: %s (replay: ./dev sim --seed %d)".formatted(seed, atSeconds, what, seed));
  }
}
