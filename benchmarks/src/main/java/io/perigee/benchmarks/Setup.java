package io.perigee.benchmarks;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How a benchmark is run.
 *
 * @param isSmallest a second or two, to see that it works; its figures mean nothing
 * @param master of daemons that run already, for those benchmarks that can use them; null to start
 *     some
 * @param workDir for this run; its owner deletes it
 */
public record Setup(boolean isSmallest, @Nullable URI master, Path workDir) {

  /** A count: the usual one, or that of the smallest form. */
  public int count(int usual, int smallest) {
    return isSmallest ? smallest : usual;
  }
}
