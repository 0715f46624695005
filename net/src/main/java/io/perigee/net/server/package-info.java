/**
 * The HTTP/1.1 server. {@link io.perigee.net.server.HttpServer} accepts connections, {@link
 * io.perigee.net.server.Router} finds the {@link io.perigee.net.server.Route} of a path, its {@link
 * io.perigee.net.server.Handler} answers through a {@link io.perigee.net.server.Responder}.
 *
 * <p>A connection and everything in it belongs to one event loop. Handlers run there or on a
 * virtual thread, as their route says; responders and response streams may be used from any thread.
 */
@NullMarked
package io.perigee.net.server;

import org.jspecify.annotations.NullMarked;
