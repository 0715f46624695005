package io.perigee.benchmarks.idle;

import io.perigee.benchmarks.Benchmark;
import io.perigee.benchmarks.Setup;
import io.perigee.benchmarks.measure.Figure;
import io.perigee.benchmarks.process.Jars;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A master and its agent in processes of their own, which have an archive of their classes, as
 * there is one on a machine where they ran before.
 */
public final class Idle implements Benchmark {
  private static final int STARTS = 5;
  private static final int SETTLE_MILLIS = 3000;
  private static final int IDLE_MILLIS = 20_000;

  @Override
  public String name() {
    return "idle";
  }

  @Override
  public String summary() {
    return "start, memory and CPU of a master and an agent with nothing to do";
  }

  @Override
  public List<Figure> run(Setup setup) throws IOException, InterruptedException {
    Daemons daemons = new Daemons(setup.workDir(), Jars.classPath(setup.workDir()));
    daemons.makeArchives();
    List<Figure> figures = new ArrayList<>(daemons.starts(setup.count(STARTS, 1)));
    figures.addAll(daemons.idle(setup.count(SETTLE_MILLIS, 100), setup.count(IDLE_MILLIS, 500)));
    return figures;
  }
}
