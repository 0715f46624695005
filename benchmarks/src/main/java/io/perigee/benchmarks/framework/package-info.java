/** Frameworks that benchmarks play. */
@NullMarked
package io.perigee.benchmarks.framework;

import org.jspecify.annotations.NullMarked;
