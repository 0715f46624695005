/**
 * Moves bytes and knows HTTP; knows nothing of Mesos and holds no policy. The map:
 *
 * <ul>
 *   <li>{@link io.perigee.net.EventLoops} – the threads; one for a process, closed last. {@link
 *       io.perigee.net.Counters} – what everything here counts. {@link io.perigee.net.Encoder} –
 *       writes a message later, on an event loop.
 *   <li>{@code http} – values: {@link io.perigee.net.http.Request}, {@link
 *       io.perigee.net.http.Response}, {@link io.perigee.net.http.Headers}, content negotiation
 *       ({@link io.perigee.net.http.Accept}, {@link io.perigee.net.http.ContentType}).
 *   <li>{@code server} – {@link io.perigee.net.server.HttpServer} serves the {@link
 *       io.perigee.net.server.Route}s of a {@link io.perigee.net.server.Router}; a {@link
 *       io.perigee.net.server.Handler} answers whole or with a {@link
 *       io.perigee.net.server.ResponseStream}, within {@link io.perigee.net.server.HttpLimits}.
 *   <li>{@code client} – {@link io.perigee.net.client.HttpClient}: whole and streamed responses,
 *       opens links.
 *   <li>{@code link} – {@link io.perigee.net.link.FrameLink}: frames both ways after an upgrade.
 *   <li>{@code tls} – {@link io.perigee.net.tls.Tls}: PEM files, read again when they change.
 *   <li>{@code auth} – the ports that learn who asks and decide what they may do.
 *   <li>{@code wire} – what the above share; nobody else uses it.
 * </ul>
 *
 * <p>Threads: a connection belongs to one event loop, and so do its listeners and encoders, which
 * must not block. Everything that may be called from any thread says so. Netty's types appear in no
 * API that other modules use. Nothing here survives a restart.
 *
 * <p>Bounds: what waits to be sent is bounded for each stream and link, what is received by {@link
 * io.perigee.net.server.HttpLimits}, {@link io.perigee.net.client.ClientLimits} and {@link
 * io.perigee.net.link.LinkLimits}; each has a defined end and a counter. An idle connection takes
 * about 3 KB of heap (9,000 connections, Java 25).
 */
@NullMarked
package io.perigee.net;

import org.jspecify.annotations.NullMarked;
