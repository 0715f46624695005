/** Real tasks: processes that a real agent starts, seen by a framework over HTTP. */
@NullMarked
package io.perigee.benchmarks.tasks;

import org.jspecify.annotations.NullMarked;
