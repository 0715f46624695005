package io.perigee.endpoints;

import com.fasterxml.jackson.core.JsonGenerator;
import com.sun.management.OperatingSystemMXBean;
import io.perigee.protocol.json.MesosJson;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code /metrics/snapshot}: one flat object, sorted. The host's own figures are added to whatever
 * a daemon counts. Source: libprocess' metrics.cpp and system.hpp.
 */
public final class MetricsJson {
  private static final Path LOAD = Path.of("/proc/loadavg");

  private MetricsJson() {}

  public static void write(Map<String, Double> values, JsonGenerator out) throws IOException {
    Map<String, Double> all = new TreeMap<>(values);
    addSystem(all);
    out.writeStartObject();
    for (Map.Entry<String, Double> value : all.entrySet()) {
      out.writeFieldName(value.getKey());
      MesosJson.writeNumber(value.getValue(), out);
    }
    out.writeEndObject();
  }

  private static void addSystem(Map<String, Double> values) {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    values.put("system/cpus_total", (double) system.getAvailableProcessors());
    values.put("system/mem_total_bytes", (double) system.getTotalMemorySize());
    values.put("system/mem_free_bytes", (double) system.getFreeMemorySize());
    try {
      String[] load = Files.readString(LOAD).split(" ", 4);
      values.put("system/load_1min", Double.parseDouble(load[0]));
      values.put("system/load_5min", Double.parseDouble(load[1]));
      values.put("system/load_15min", Double.parseDouble(load[2]));
    } catch (IOException | RuntimeException noSuchFile) {
      // Not a Linux: Mesos leaves a metric out that it cannot tell, and so do we.
    }
  }
}
