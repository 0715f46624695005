package io.perigee.net.wire;

/** Fired through a connection's pipeline when its server stops. */
public record ShutDown() {}
