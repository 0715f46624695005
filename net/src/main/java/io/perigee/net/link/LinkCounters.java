package io.perigee.net.link;

import io.perigee.net.Counters;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** The counters all links of one server or client share. */
public final class LinkCounters {
  final LongAdder open;
  final LongAdder framesIn;
  final LongAdder framesOut;
  final LongAdder bytesIn;
  final LongAdder bytesOut;
  private final Map<LinkClosed.Kind, LongAdder> closed = new EnumMap<>(LinkClosed.Kind.class);

  public LinkCounters(Counters counters) {
    open = counters.counter("link_open");
    framesIn = counters.counter("link_frames_total", "direction", "in");
    framesOut = counters.counter("link_frames_total", "direction", "out");
    bytesIn = counters.counter("link_bytes_total", "direction", "in");
    bytesOut = counters.counter("link_bytes_total", "direction", "out");
    for (LinkClosed.Kind kind : LinkClosed.Kind.values()) {
      closed.put(
          kind,
          counters.counter("link_closed_total", "reason", kind.name().toLowerCase(Locale.ROOT)));
    }
  }

  void closed(LinkClosed.Kind kind) {
    open.decrement();
    LongAdder counter = closed.get(kind);
    if (counter != null) {
      counter.increment();
    }
  }
}
