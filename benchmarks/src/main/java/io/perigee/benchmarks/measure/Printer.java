package io.perigee.benchmarks.measure;

import com.fasterxml.jackson.jr.ob.JSON;
import io.perigee.benchmarks.measure.Figure.Yardstick;
import java.io.IOException;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Prints figures: as a table for people, or as one JSON object a line. */
public final class Printer {
  private final PrintStream out;
  private final boolean isJson;
  private final Machine machine;

  public Printer(PrintStream out, boolean isJson, Machine machine) {
    this.out = out;
    this.isJson = isJson;
    this.machine = machine;
    if (!isJson) {
      out.printf("%d cores, %s, %s%n", machine.cores(), machine.kernel(), machine.jdk());
    }
  }

  /** Before the figures of one benchmark. */
  public void title(String benchmark, String summary) {
    if (!isJson) {
      out.printf("%n%s: %s%n", benchmark, summary);
    }
  }

  public void print(String benchmark, Figure figure) throws IOException {
    out.println(isJson ? JSON.std.asString(json(benchmark, figure)) : line(figure));
    out.flush();
  }

  private static String line(Figure figure) {
    StringBuilder line = new StringBuilder();
    line.append(
        String.format(
            Locale.ROOT, "  %-44s %12s", figure.name(), text(figure.value(), figure.unit())));
    Spread spread = figure.spread();
    if (spread != null) {
      line.append(
          String.format(
              Locale.ROOT,
              "  p95 %s  p99 %s  of %d",
              text(spread.p95(), figure.unit()),
              text(spread.p99(), figure.unit()),
              spread.count()));
    }
    if (!figure.target().isEmpty()) {
      line.append("  (target ").append(figure.target()).append(')');
    }
    Yardstick beside = figure.yardstick();
    if (beside != null) {
      line.append("  | ")
          .append(beside.name())
          .append(": ")
          .append(text(beside.value(), beside.unit()));
    }
    return line.toString();
  }

  private static String text(double value, String unit) {
    String format = value >= 1000 ? "%,.0f %s" : value >= 10 ? "%.1f %s" : "%.3f %s";
    return String.format(Locale.ROOT, format, value, unit);
  }

  private Map<String, Object> json(String benchmark, Figure figure) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("benchmark", benchmark);
    json.put("figure", figure.name());
    json.put("unit", figure.unit());
    json.put("value", figure.value());
    Spread spread = figure.spread();
    if (spread != null) {
      json.put("p50", spread.p50());
      json.put("p95", spread.p95());
      json.put("p99", spread.p99());
      json.put("count", spread.count());
    }
    if (!figure.target().isEmpty()) {
      json.put("target", figure.target());
    }
    Yardstick beside = figure.yardstick();
    if (beside != null) {
      json.put(
          "yardstick",
          Map.of("name", beside.name(), "unit", beside.unit(), "value", beside.value()));
    }
    json.put("cores", machine.cores());
    json.put("kernel", machine.kernel());
    json.put("jdk", machine.jdk());
    return json;
  }
}
