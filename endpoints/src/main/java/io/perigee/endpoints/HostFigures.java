package io.perigee.endpoints;

import com.fasterxml.jackson.core.JsonGenerator;
import com.sun.management.OperatingSystemMXBean;
import io.perigee.net.server.Route;
import io.perigee.protocol.json.MesosJson;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the machine has and does. Source: libprocess' system.hpp.
 *
 * @param memBytes of the machine
 * @param loads mean number of processes that ran or waited over 1, 5 and 15 minutes; empty where
 *     that cannot be told
 */
public record HostFigures(int cpus, long memBytes, long freeBytes, List<Double> loads) {
  private static final Path LOAD = Path.of("/proc/loadavg");
  private static final List<String> MINUTES = List.of("1min", "5min", "15min");

  /** As of now. Reads a file of the kernel's, which does not block. */
  public static HostFigures now() {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return new HostFigures(
        system.getAvailableProcessors(),
        system.getTotalMemorySize(),
        system.getFreeMemorySize(),
        readLoads());
  }

  private static List<Double> readLoads() {
    try {
      String[] load = Files.readString(LOAD).split(" ", 4);
      return List.of(
          Double.parseDouble(load[0]), Double.parseDouble(load[1]), Double.parseDouble(load[2]));
    } catch (IOException | RuntimeException noSuchFile) {
      return List.of(); // Not a Linux: Mesos leaves out what it cannot tell, and so do we.
    }
  }

  /** The metrics {@code system/...}. */
  public Map<String, Double> metrics() {
    Map<String, Double> values = new TreeMap<>();
    values.put("system/cpus_total", (double) cpus);
    values.put("system/mem_total_bytes", (double) memBytes);
    values.put("system/mem_free_bytes", (double) freeBytes);
    for (int i = 0; i < loads.size(); i++) {
      values.put("system/load_" + MINUTES.get(i), loads.get(i));
    }
    return values;
  }

  /** {@code /system/stats.json}. */
  public static Route route() {
    return Route.at(
        "/system/stats.json",
        (request, to) -> to.respond(JsonAnswers.of(request, now()::writeObject)));
  }

  void writeObject(JsonGenerator out) throws IOException {
    out.writeStartObject();
    for (String minutes : List.of("15min", "1min", "5min")) {
      int i = MINUTES.indexOf(minutes);
      if (i < loads.size()) {
        out.writeFieldName("avg_load_" + minutes);
        MesosJson.writeNumber(loads.get(i), out);
      }
    }
    out.writeNumberField("cpus_total", cpus);
    out.writeNumberField("mem_free_bytes", freeBytes);
    out.writeNumberField("mem_total_bytes", memBytes);
    out.writeEndObject();
  }
}
