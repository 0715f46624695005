package io.perigee.benchmarks;

import java.io.IOException;

/** The thing measured did not do what it is measured for. */
public final class Broken extends IOException {
  private static final long serialVersionUID = 1;

  public Broken(String message) {
    super(message);
  }
}
