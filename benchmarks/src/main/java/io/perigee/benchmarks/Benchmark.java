package io.perigee.benchmarks;

import io.perigee.benchmarks.measure.Figure;
import java.io.IOException;
import java.util.List;

/** One program. */
public interface Benchmark {

  /** As on the command line. */
  String name();

  /** What it measures, in a few words. */
  String summary();

  /** Runs it and ends all that it started. */
  List<Figure> run(Setup setup) throws IOException, InterruptedException;
}
