package io.perigee.benchmarks;

import io.perigee.benchmarks.allocation.Allocation;
import io.perigee.benchmarks.idle.Idle;
import io.perigee.benchmarks.load.Launches;
import io.perigee.benchmarks.load.OperatorEvents;
import io.perigee.benchmarks.load.StateRead;
import io.perigee.benchmarks.tasks.ShortTasks;
import io.perigee.benchmarks.tasks.TaskLife;
import java.util.List;

/** All benchmarks there are. */
final class Catalogue {
  private Catalogue() {}

  /** In the order in which they run: first the one that shares this JVM's compiler with none. */
  static List<Benchmark> all() {
    return List.of(
        new Allocation(),
        new TaskLife(),
        new ShortTasks(),
        new Launches(),
        new StateRead(),
        new OperatorEvents(),
        new Idle());
  }
}
