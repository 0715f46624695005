package io.perigee.benchmarks.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the kernel tells of a process. Source: proc(5). */
public final class ProcessFacts {
  /** USER_HZ, which is 100 on every architecture that a JDK runs on. */
  private static final double TICKS_PER_SECOND = 100;

  private final Path proc;

  public ProcessFacts(long pid) {
    this.proc = Path.of("/proc", Long.toString(pid));
  }

  /** CPU used so far, in seconds, by all its threads, in user and system mode. */
  public double cpuSeconds() throws IOException {
    String stat = Files.readString(proc.resolve("stat"));
    // The command's name, in parentheses, may hold blanks; utime is the 12th field after it.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
  }

  /** Memory that is resident, in MB (10^6 bytes). */
  public double residentMegabytes() throws IOException {
    return megabytes("status", "VmRSS:");
  }

  /** As above, but pages shared with other processes count only in part. */
  public double proportionalMegabytes() throws IOException {
    return megabytes("smaps_rollup", "Pss:");
  }

  private double megabytes(String file, String field) throws IOException {
    for (String line : Files.readAllLines(proc.resolve(file))) {
      if (line.startsWith(field)) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024 / 1e6;
      }
    }
    throw new IOException(proc.resolve(file) + " has no " + field);
  }
}
