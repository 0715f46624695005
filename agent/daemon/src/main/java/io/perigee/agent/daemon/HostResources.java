package io.perigee.agent.daemon;

import com.sun.management.OperatingSystemMXBean;
import io.perigee.model.Ranges;
import io.perigee.model.Reservation;
import io.perigee.model.Resource;
import io.perigee.model.Resources;
import io.perigee.model.Roles;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What this machine has, less what the system keeps. Source: mesos/src/slave/containerizer/
 * containerizer.cpp, Containerizer::resources.
 *
 * @param memBytes of the machine
 * @param diskBytes of the file system of the work directory
 */
public record HostResources(int cpus, long memBytes, long diskBytes) {
  private static final long GIGABYTE = 1L << 30;
  private static final long PORTS_FROM = 31000;
  private static final long PORTS_TO = 32000;

  /**
   * Looks at the machine.
   *
   * @param workDir an existing directory
   */
  public static HostResources detect(Path workDir) throws IOException {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return new HostResources(
        Runtime.getRuntime().availableProcessors(),
        system.getTotalMemorySize(),
        Files.getFileStore(workDir).getTotalSpace());
  }

  /**
   * One of several equal parts of the machine, as {@code --resources} takes it: for agents that
   * share it. At least one cpu each, so that an ordinary task fits: a share of time, which several
   * may have.
   *
   * @param part 0 to {@code parts} - 1
   */
  public String share(int part, int parts) {
    long ports = (PORTS_TO - PORTS_FROM + 1) / parts;
    long first = PORTS_FROM + part * ports;
    return "cpus:%d;mem:%d;disk:%d;ports:[%d-%d]"
        .formatted(
            Math.max(1, cpus / parts),
            megabytes(memBytes, 2, 1) / parts,
            megabytes(diskBytes, 10, 5) / parts,
            first,
            first + ports - 1);
  }

  /** The given ones, and those that are missing among cpus, mem, disk and ports. */
  Resources complete(Resources given, String defaultRole) {
    Resources all = given;
    for (Resource detected : detected()) {
      boolean isNamed = false;
      for (Resource one : given) {
        isNamed |= one.key().name().equals(detected.key().name());
      }
      if (!isNamed) {
        all = all.plus(reserved(detected, defaultRole));
      }
    }
    return all;
  }

  private static Resources reserved(Resource resource, String role) {
    Resources one = Resources.of(resource);
    return role.equals(Roles.ANY)
        ? one
        : one.mapKeys(key -> key.withReservations(List.of(Reservation.fixed(role))));
  }

  private Resources detected() {
    return Resources.of(
        Resource.scalar("cpus", 1000L * cpus),
        Resource.scalar("mem", 1000 * megabytes(memBytes, 2, 1)),
        Resource.scalar("disk", 1000 * megabytes(diskBytes, 10, 5)),
        Resource.ranges("ports", Ranges.of(PORTS_FROM, PORTS_TO)));
  }

  /** All but {@code kept} GB; half of a machine with less than {@code least} GB. */
  private static long megabytes(long bytes, int least, int kept) {
    long usable = bytes >= least * GIGABYTE ? bytes - kept * GIGABYTE : bytes / 2;
    return usable >> 20;
  }
}
