/**
 * What server, client and link share beneath their APIs: bounded sending, the bytes of HTTP heads,
 * deadlines. For this module alone; all of it belongs to one connection's event loop except where a
 * method says any thread.
 */
@NullMarked
package io.perigee.net.wire;

import org.jspecify.annotations.NullMarked;
