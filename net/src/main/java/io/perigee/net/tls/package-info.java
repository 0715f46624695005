/**
 * TLS from PEM files that are read again when they change. A server or client without a {@link
 * io.perigee.net.tls.Tls} speaks plain TCP.
 */
@NullMarked
package io.perigee.net.tls;

import org.jspecify.annotations.NullMarked;
