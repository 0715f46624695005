package io.perigee.net.server;

import io.perigee.net.link.LinkCounters;
import io.perigee.net.link.LinkLimits;

/** What all connections of one server share. */
record ServerParts(
    Router router,
    HttpLimits limits,
    ServerCounters counters,
    Workers workers,
    BodyMemory bodyMemory,
    DateHeader date,
    LinkLimits linkLimits,
    LinkCounters linkCounters) {}
