package io.perigee.benchmarks.load;

import io.perigee.benchmarks.Broken;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The first thing that went wrong on any thread. */
final class Failures {
  private final AtomicReference<@Nullable String> first = new AtomicReference<>();

  void add(String what) {
    first.compareAndSet(null, what);
  }

  /** Throws it, if there was one. */
  void check() throws Broken {
    String what = first.get();
    if (what != null) {
      throw new Broken(what);
    }
  }
}
