package io.perigee.net.client;

import io.perigee.net.Counters;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** The counters of one client. */
final class ClientCounters {
  final LongAdder connectionsOpen;
  final LongAdder connectionsTotal;
  private final LongAdder[] responses = new LongAdder[10];
  private final Map<HttpFailure.Kind, LongAdder> failures = new EnumMap<>(HttpFailure.Kind.class);

  ClientCounters(Counters counters) {
    connectionsOpen = counters.counter("client_connections_open");
    connectionsTotal = counters.counter("client_connections_total");
    for (int i = 1; i < responses.length; i++) {
      responses[i] = counters.counter("client_responses_total", "code", i + "xx");
    }
    for (HttpFailure.Kind kind : HttpFailure.Kind.values()) {
      failures.put(
          kind,
          counters.counter("client_failures_total", "kind", kind.name().toLowerCase(Locale.ROOT)));
    }
  }

  /**
   * @param status from 100 to 999
   */
  void answered(int status) {
    responses[status / 100].increment();
  }

  void failed(HttpFailure.Kind kind) {
    LongAdder counter = failures.get(kind);
    if (counter != null) {
      counter.increment();
    }
  }
}
