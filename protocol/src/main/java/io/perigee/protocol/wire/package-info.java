/** The two forms a v1 body may take. Pure and safe for any thread. */
@NullMarked
package io.perigee.protocol.wire;

import org.jspecify.annotations.NullMarked;
