/** The allocator alone, without a master around it. */
@NullMarked
package io.perigee.benchmarks.allocation;

import org.jspecify.annotations.NullMarked;
