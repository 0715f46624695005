/**
 * The Mesos v1 wire: which files it is made of, and how a message becomes the bytes of a body and
 * back. Pure; everything here is immutable and safe for any thread.
 */
@NullMarked
package io.perigee.protocol;

import org.jspecify.annotations.NullMarked;
