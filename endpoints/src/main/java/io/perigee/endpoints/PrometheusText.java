package io.perigee.endpoints;

import io.perigee.net.Counters;
import io.perigee.net.http.Response;
import java.nio.charset.StandardCharsets;

/**
 * {@code /metrics}: what a process counts, in the text format that Prometheus reads (version
 * 0.0.4). Names carry their labels already.
 */
public final class PrometheusText {
  private PrometheusText() {}

  /** All values now, a line each. */
  public static Response of(Counters counters) {
    StringBuilder text = new StringBuilder();
    counters
        .snapshot()
        .forEach((name, value) -> text.append(name).append(' ').append(value).append('\n'));
    return Response.of(
        200,
        "text/plain; version=0.0.4; charset=utf-8",
        text.toString().getBytes(StandardCharsets.UTF_8));
  }
}
