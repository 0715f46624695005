package io.perigee.benchmarks.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How the daemons' JVMs are started. */
public final class JvmFlags {
  /**
   * An agent's: the collector with the least memory of its own, a heap that stays small while
   * little is in it, and one compiler, since it never has enough to do for the second to pay.
   */
  public static final List<String> AGENT =
      List.of(
          "-XX:+UseSerialGC",
          "-Xms16m",
          "-Xmx256m",
          "-XX:TieredStopAtLevel=1",
          "-XX:ReservedCodeCacheSize=32m",
          "-XX:-UsePerfData",
          "-Xlog:disable",
          "-Xlog:all=error:stderr");

  /** A master's: starts small too, but may grow, and collects on all cores. */
  public static final List<String> MASTER =
      List.of(
          "-XX:+UseParallelGC",
          "-Xms64m",
          "-Xmx2g",
          "-XX:-UsePerfData",
          "-Xlog:disable",
          "-Xlog:all=error:stderr");

  private JvmFlags() {}

  /** With an archive of the classes, which the JVM makes at its end if there is none. */
  public static List<String> withArchive(List<String> flags, Path archive) {
    List<String> all = new ArrayList<>(flags);
    all.add("-XX:+AutoCreateSharedArchive");
    all.add("-XX:SharedArchiveFile=" + archive);
    return all;
  }
}
