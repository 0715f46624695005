package io.perigee.benchmarks.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How the daemons' JVMs are started. */
public final class JvmFlags {
  /**
   * For small daemons: the collector with the least memory of its own, a heap that stays small
   * while little is in it, and no more compiled code than pays.
   */
  public static final List<String> SMALL =
      List.of(
          "-XX:+UseSerialGC",
          "-Xms16m",
          "-Xmx256m",
          "-XX:TieredStopAtLevel=1",
          "-XX:ReservedCodeCacheSize=32m",
          "-Xss512k",
          "-XX:-UsePerfData",
          "-Xlog:disable",
          "-Xlog:all=error:stderr");

  /** For a master with much to do: room, and a collector that uses all cores. */
  public static final List<String> BUSY = List.of("-Xms1g", "-Xmx2g", "-XX:+UseParallelGC");

  private JvmFlags() {}

  /** With an archive of the classes, which the JVM makes at its end if there is none. */
  public static List<String> withArchive(List<String> flags, Path archive) {
    List<String> all = new ArrayList<>(flags);
    all.add("-XX:+AutoCreateSharedArchive");
    all.add("-XX:SharedArchiveFile=" + archive);
    return all;
  }
}
