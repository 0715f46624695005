package io.perigee.net.server;

import io.perigee.net.Counters;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The counters of one server, all there from the start so that a zero is seen as zero. */
final class ServerCounters {
  final LongAdder connectionsOpen;
  final LongAdder connectionsTotal;
  final LongAdder connectionsRefused;
  final LongAdder bodyBytes;
  final LongAdder malformedRequests;
  final LongAdder handlerFailures;
  final LongAdder tlsHandshakeFailures;
  final LongAdder streamsOpen;
  final LongAdder streamsTotal;
  final LongAdder streamMessages;

  private final LongAdder[] requests = new LongAdder[6];
  private final Map<Limit, LongAdder> strikes = new EnumMap<>(Limit.class);
  private final Map<StreamEnd, LongAdder> streamEnds = new EnumMap<>(StreamEnd.class);

  ServerCounters(Counters counters) {
    connectionsOpen = counters.counter("http_connections_open");
    connectionsTotal = counters.counter("http_connections_total");
    connectionsRefused = counters.counter("http_connections_refused_total");
    bodyBytes = counters.counter("http_request_body_bytes");
    malformedRequests = counters.counter("http_malformed_requests_total");
    handlerFailures = counters.counter("http_handler_failures_total");
    tlsHandshakeFailures = counters.counter("http_tls_handshake_failures_total");
    streamsOpen = counters.counter("http_streams_open");
    streamsTotal = counters.counter("http_streams_total");
    streamMessages = counters.counter("http_stream_messages_total");
    for (int i = 1; i < requests.length; i++) {
      requests[i] = counters.counter("http_requests_total", "code", i + "xx");
    }
    for (Limit limit : Limit.values()) {
      strikes.put(limit, counters.counter("http_limit_strikes_total", "limit", limit.label()));
    }
    for (StreamEnd end : StreamEnd.values()) {
      streamEnds.put(
          end,
          counters.counter(
              "http_streams_ended_total", "reason", end.name().toLowerCase(Locale.ROOT)));
    }
  }

  void answered(int status) {
    requests[status / 100].increment();
  }

  void struck(Limit limit) {
    increment(strikes.get(limit));
  }

  void streamEnded(StreamEnd end) {
    streamsOpen.decrement();
    increment(streamEnds.get(end));
  }

  private static void increment(@Nullable LongAdder adder) {
    if (adder != null) {
      adder.increment();
    }
  }
}
