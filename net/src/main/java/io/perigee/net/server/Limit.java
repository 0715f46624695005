package io.perigee.net.server;

import java.util.Locale;

/** Names the limits of {@link HttpLimits} for those who count them. */
enum Limit {
  REQUEST_LINE,
  HEADERS,
  BODY,
  ALL_BODIES,
  HEADER_TIME,
  STALL_TIME,
  IDLE_TIME,
  CONNECTIONS,
  PIPELINED_REQUESTS,
  WAITING_FOR_WORKER;

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
