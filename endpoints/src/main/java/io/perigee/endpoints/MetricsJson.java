package io.perigee.endpoints;

import com.fasterxml.jackson.core.JsonGenerator;
import io.perigee.mesos.v1.Metric;
import io.perigee.protocol.json.MesosJson;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Metrics as both daemons tell them: sorted, the host's own figures added to whatever a daemon
 * counts. Source: libprocess' metrics.cpp.
 */
public final class MetricsJson {
  private MetricsJson() {}

  /** {@code /metrics/snapshot}: one flat object. */
  public static void write(Map<String, Double> values, JsonGenerator out) throws IOException {
    out.writeStartObject();
    for (Map.Entry<String, Double> value : all(values).entrySet()) {
      out.writeFieldName(value.getKey());
      MesosJson.writeNumber(value.getValue(), out);
    }
    out.writeEndObject();
  }

  /** The answer to GET_METRICS. */
  public static List<Metric> messages(Map<String, Double> values) {
    return all(values).entrySet().stream()
        .map(e -> Metric.newBuilder().setName(e.getKey()).setValue(e.getValue()).build())
        .toList();
  }

  private static SortedMap<String, Double> all(Map<String, Double> values) {
    SortedMap<String, Double> all = new TreeMap<>(values);
    all.putAll(HostFigures.now().metrics());
    return all;
  }
}
