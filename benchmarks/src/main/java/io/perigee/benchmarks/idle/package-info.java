/** Daemons with nothing to do. */
@NullMarked
package io.perigee.benchmarks.idle;

import org.jspecify.annotations.NullMarked;
