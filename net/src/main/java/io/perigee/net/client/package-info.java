/**
 * The HTTP/1.1 client. {@link io.perigee.net.client.HttpClient} keeps a few connections to each
 * host open, answers with futures or to a {@link io.perigee.net.client.ResponseListener}, and opens
 * links. It follows no redirects and repeats nothing by itself.
 *
 * <p>A connection and the call on it belong to one event loop, where listeners and completed
 * futures run: they must not block.
 */
@NullMarked
package io.perigee.net.client;

import org.jspecify.annotations.NullMarked;
