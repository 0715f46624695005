/**
 * The values HTTP is made of: headers, requests, responses, content negotiation. Immutable and
 * pure; nothing here reads or writes a socket.
 */
@NullMarked
package io.perigee.net.http;

import org.jspecify.annotations.NullMarked;
