package io.perigee.benchmarks.load;

import java.util.List;

/** How the master's JVM is started. */
final class MasterFlags {
  /** For a cluster with much to do: room, and a collector that uses all cores. */
  static final List<String> BUSY = List.of("-Xms1g", "-Xmx2g", "-XX:+UseParallelGC");

  private MasterFlags() {}
}
