/**
 * Programs that measure what Perigee promises, each beside a yardstick of the same run. Bounded in
 * count and time; never part of a test's verdict. {@code ./dev bench} runs them,
 * docs/performance.md tells what they mean.
 */
@NullMarked
package io.perigee.benchmarks;

import org.jspecify.annotations.NullMarked;
