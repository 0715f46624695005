package io.perigee.net.client;

import io.perigee.net.link.LinkCounters;
import io.perigee.net.link.LinkLimits;

/** What all connections of one client share. */
record ClientParts(
    ClientLimits limits,
    ClientCounters counters,
    LinkLimits linkLimits,
    LinkCounters linkCounters) {}
