/** Processes that benchmarks start, and what the kernel tells of them. */
@NullMarked
package io.perigee.benchmarks.process;

import org.jspecify.annotations.NullMarked;
